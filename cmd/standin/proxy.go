package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
)

// proxyFlags are those of standin proxy beside those of standin serve.
type proxyFlags struct {
	serveFlags
	strict   bool
	missing  string
	mocked   []string
	ca       string
	insecure bool
	cert     string
	key      string
	record   string
	archive  string
	amended  string
}

func (f *proxyFlags) add(flags *pflag.FlagSet) {
	f.serveFlags.add(flags)
	flags.StringVar(&f.target, "target", "", "URL of the real server, in front of every path (required)")
	flags.BoolVar(&f.strict, "strict", false, "refuse requests that break the document, and answer 502 in place of answers that do (default: report only)")
	flags.StringVar(&f.missing, "missing", "mock", "what the real server lacks (501, or a 404 that the document does not have): mock it, or pass its answer on")
	flags.StringSliceVar(&f.mocked, "mock", nil, "id of an operation that the mock answers without asking the real server; may be given several times")
	flags.StringVar(&f.ca, "target-ca", "", "certificates in PEM to trust when the target speaks https (default: the system's)")
	flags.BoolVar(&f.insecure, "target-insecure", false, "trust any certificate of the target")
	flags.StringVar(&f.cert, "target-cert", "", "certificate in PEM to show to the target; needs --target-key")
	flags.StringVar(&f.key, "target-key", "", "key in PEM of --target-cert")
	flags.StringVar(&f.record, "record", "", "empty or new folder to write the real server's answers to as fixtures, secrets masked (default: none)")
	flags.StringVar(&f.archive, "har", "", "file to write the exchanges to as HAR, secrets masked (default: none)")
	flags.StringVar(&f.amended, "overlay-out", "", "file to write an OpenAPI Overlay to that makes the document true of what was seen (default: none)")
	body := flags.Lookup("max-body")
	body.DefValue, body.Usage = "1048576", "how much of a body is held to be checked, in bytes; larger ones pass unchecked"
	f.maxBody = 1 << 20
	flags.Lookup("fixtures").Usage = "folder of fixtures that answer in the real server's place (default: none)"
}

func (a *app) proxyCommand() *cobra.Command {
	var f proxyFlags
	c := &cobra.Command{
		Use:   "proxy [DOC] --target URL",
		Short: "Stand between clients and the real server, and say what either breaks",
		Long: `Stand between clients and the real server: requests and answers pass, and whatever breaks the document is told in the headers
Mock-Violations and Mock-Violation, in the log and in the journal (/docs/journal). With --strict it does not pass. What the real
server lacks the mock answers.`,
		Example: "  standin proxy openapi.yaml --target https://api.example.com/v1 --port 4010\n" +
			"  standin proxy --target http://localhost:3000 --record recorded --overlay-out seen.overlay.json\n" +
			"  standin --fixtures recorded   # answers as the real server did",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, &f.fixtures)
			if err != nil {
				return err
			}
			if f.fixtures == "" {
				d.fixtures = "" // those beside the document would hide the real server
			}
			d.overlays = f.overlays
			if err := f.options(); err != nil {
				return err
			}
			if a.getenv("GOGC") == "" {
				debug.SetGCPercent(100) // bodies that pass are many, and memory is to stay small
			}
			return a.serve(cmd.Context(), []document{d}, &f.serveFlags, cmd.Flags())
		},
	}
	f.add(c.Flags())
	return c
}

// options turns the flags into options of the mock.
func (f *proxyFlags) options() error {
	if f.target == "" {
		return misuse("the real server is named with --target URL")
	}
	f.more = append(f.more, mock.Upstream(f.target), mock.UpstreamLacks(f.mocked...))
	switch f.missing {
	case "mock":
	case "pass":
		f.more = append(f.more, mock.UpstreamOnly())
	default:
		return misuse("--missing is mock or pass, not %q", f.missing)
	}
	if f.strict {
		f.more = append(f.more, mock.UpstreamBlocks())
	}
	for _, one := range []struct {
		name   string
		option func(string) mock.Option
	}{{f.record, mock.RecordFixtures}, {f.archive, mock.RecordArchive}, {f.amended, mock.RecordOverlay}} {
		if one.name != "" {
			f.more = append(f.more, one.option(one.name))
		}
	}
	trust, err := f.trust()
	if err != nil {
		return err
	}
	f.more = append(f.more, mock.UpstreamTLS(trust))
	return nil
}

// trust is whom to trust, and who we are, when the target speaks https.
func (f *proxyFlags) trust() (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: f.insecure}
	if f.ca != "" {
		text, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, misuse("--target-ca: %w", err)
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(text) {
			return nil, misuse("--target-ca: %s holds no certificate in PEM", f.ca)
		}
	}
	if (f.cert == "") != (f.key == "") {
		return nil, misuse("--target-cert and --target-key belong together")
	}
	if f.cert != "" {
		pair, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return nil, misuse("--target-cert: %w", err)
		}
		out.Certificates = []tls.Certificate{pair}
	}
	return out, nil
}

// greetProxy prints what stands between whom, without asking the real server anything.
func (a *app) greetProxy(ctx context.Context, one served, f *serveFlags) {
	c := one.server.Contract()
	info := c.Info()
	fmt.Fprintf(a.stdout, "%s %s: %s between %s and %s\n", info.Title, info.Version, count(len(c.Operations()), "operation"), one.base, strings.TrimSuffix(f.target, "/"))
	if docs := one.server.DocsPath(); docs != "" {
		fmt.Fprintf(a.stdout, "  see what was asked and answered: %s%s/journal\n", one.base, docs)
	}
	if found := one.server.Diagnostics(ctx); len(found) > 0 {
		fmt.Fprintf(a.stdout, "%s: %s, the first: %s\n", one.document.name(), tally(found), worst(found))
	}
}
