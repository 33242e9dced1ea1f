package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
)

// serveFlags are those of standin serve.
type serveFlags struct {
	listen    string
	port      int
	readyFile string
	fixtures  string
	seed      uint64
	basePath  string
	publicURL string
	handling  string
	errors    string
	watch     string
	origins   []string
	hosts     []string
	maxBody   int64
	logFormat string
	timeout   time.Duration
	shutdown  time.Duration
	state     string
	closed    bool
	docsTrust []string
	store     string
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.listen, "listen", "", "address to listen on, HOST:PORT (default: port 8080 on 127.0.0.1 and ::1)")
	flags.IntVar(&f.port, "port", 8080, "port on 127.0.0.1 and ::1; 0 takes any free one")
	flags.StringVar(&f.readyFile, "ready-file", "", "file to write the base URL to once requests are answered (default: none)")
	flags.StringVar(&f.fixtures, "fixtures", "", "folder of fixtures (default: fixtures beside the document)")
	flags.Uint64Var(&f.seed, "seed", 1, "decides what is generated; the same seed and request give the same bytes")
	flags.StringVar(&f.basePath, "base-path", "", "path in front of every path of the document, such as /api (default: none)")
	flags.StringVar(&f.publicURL, "public-url", "", "URL under which clients reach this server (default: its own)")
	flags.StringVar(&f.handling, "handling", "default", "default, strict (refuses what is undeclared too) or lenient (refuses nothing)")
	flags.StringVar(&f.errors, "errors", "document", "shape of refusals: document (the operation's own where it can carry a text) or problem (RFC 9457)")
	flags.StringSliceVar(&f.docsTrust, "docs-origin", nil, "origin of exported documentation whose forms may be sent here (default: none)")
	flags.StringVar(&f.state, "state", "on", "remember what clients create, change and delete: on or off")
	flags.BoolVar(&f.closed, "closed", false, "answer 404 for ids that were neither seeded nor created, where the document has it")
	flags.StringVar(&f.store, "store", "memory", "where to remember: memory, or file:PATH to outlive the server")
	flags.StringVar(&f.watch, "watch", "on", "reload when files change: on, off or poll (off by default in CI)")
	flags.StringSliceVar(&f.origins, "cors-origin", nil, "further origin whose pages may send credentials (default: loopback origins only)")
	flags.StringSliceVar(&f.hosts, "allow-host", nil, "further Host to answer to (default: loopback names and addresses only)")
	flags.Int64Var(&f.maxBody, "max-body", 10<<20, "largest request body, in bytes after decoding")
	flags.StringVar(&f.logFormat, "log-format", "auto", "text, json or auto (text on a terminal)")
	flags.DurationVar(&f.timeout, "read-timeout", 30*time.Second, "longest time for a client to send a request")
	flags.DurationVar(&f.shutdown, "shutdown-timeout", 5*time.Second, "longest time to wait for answers under way when stopping")
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:     "serve [DOC]",
		Short:   "Serve a document (what standin does without a command)",
		Example: "  standin serve openapi.yaml --port 4010 --handling strict",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, &f.fixtures)
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), d, &f, cmd.Flags())
		},
	}
	f.add(c.Flags())
	return c
}

func (a *app) demoCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Serve the demo document",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := a.settle(cmd.Flags()); err != nil {
				return err
			}
			return a.serve(cmd.Context(), document{demo: true}, &f, cmd.Flags())
		},
	}
	f.add(c.Flags())
	return c
}

// options turns flags into those of the mock.
func (a *app) options(f *serveFlags, d document) ([]mock.Option, error) {
	handling, err := mock.ParseHandling(f.handling)
	if err != nil {
		return nil, misuse("--handling: %w", err)
	}
	shape, err := mock.ParseErrors(f.errors)
	if err != nil {
		return nil, misuse("--errors: %w", err)
	}
	logger, err := a.logger(f.logFormat)
	if err != nil {
		return nil, err
	}
	appearance, err := looks(configFile)
	if err != nil {
		return nil, err
	}
	remember, err := f.memory()
	if err != nil {
		return nil, err
	}
	return append(remember,
		mock.Fixtures(d.files()), mock.Seed(f.seed), mock.WithHandling(handling), mock.WithErrors(shape), mock.WithLogger(logger),
		mock.MaxBody(f.maxBody), mock.BasePath(f.basePath), mock.AllowOrigins(f.origins...), mock.CheckHost(), mock.AllowHosts(f.hosts...), mock.Control(),
		mock.PublicURL(f.publicURL), mock.Docs(appearance), mock.CompareHistory(d.compare),
		mock.TrustDocsOrigins(f.docsTrust...),
	), nil
}

// memory turns the flags about state into options.
func (f *serveFlags) memory() ([]mock.Option, error) {
	var out []mock.Option
	switch f.state {
	case "on":
	case "off":
		out = append(out, mock.Stateless())
	default:
		return nil, misuse("--state is on or off, not %q", f.state)
	}
	if f.closed {
		out = append(out, mock.Closed())
	}
	if name, ok := strings.CutPrefix(f.store, "file:"); ok && name != "" {
		out = append(out, mock.StoreFile(name))
	} else if f.store != "memory" {
		return nil, misuse("--store is memory or file:PATH, not %q", f.store)
	}
	return out, nil
}

// serve listens first, so that a busy port is told before anything is compiled, and then serves until ctx ends.
func (a *app) serve(ctx context.Context, d document, f *serveFlags, flags *pflag.FlagSet) error {
	switch f.watch {
	case "on", "off", "poll":
	default:
		return misuse("--watch is on, off or poll, not %q", f.watch)
	}
	if a.getenv("CI") != "" && !flags.Changed("watch") {
		f.watch = "off"
	}
	options, err := a.options(f, d)
	if err != nil {
		return err
	}
	c, err := d.load(ctx)
	if err != nil {
		return err
	}
	server, err := mock.New(c, options...)
	if err != nil {
		return misuse("%w", err)
	}
	if f.port < 0 || f.port > 65535 {
		return misuse("a port is a number from 0 to 65535, not %d", f.port)
	}
	listeners, err := f.listeners(ctx, flags.Changed("port"))
	if err != nil {
		return failed(err)
	}
	base := f.baseURL(listeners[0])
	return a.answer(ctx, d, f, server, listeners, base)
}

// answer answers on the listeners until ctx ends or one of them breaks.
func (a *app) answer(ctx context.Context, d document, f *serveFlags, server *mock.Server, listeners []net.Listener, base string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	web := &http.Server{
		Handler:           server,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       f.timeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	broken := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { broken <- web.Serve(l) }()
	}
	a.greet(ctx, d, server, base)
	if f.readyFile != "" {
		if err := writeReady(f.readyFile, base); err != nil {
			return failed(err)
		}
		defer os.Remove(f.readyFile)
	}
	if f.watch != "off" && !d.demo {
		logger, err := a.logger(f.logFormat)
		if err != nil {
			return err
		}
		w := &watcher{document: d, server: server, logger: logger, poll: f.watch == "poll"}
		go w.run(ctx)
	}
	select {
	case err := <-broken:
		return failed(err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.shutdown)
	defer cancel()
	if err := web.Shutdown(wait); err != nil {
		return failed(fmt.Errorf("some answers were cut off: %w", web.Close()))
	}
	return server.Close()
}

// writeReady writes the base URL so that whoever sees the file sees all of it.
func writeReady(name, base string) error {
	temporary := name + ".tmp"
	if err := os.WriteFile(temporary, []byte(base+"\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}

// listeners opens what --listen or --port name: one address, or the port on both loopback addresses.
func (f *serveFlags) listeners(ctx context.Context, portGiven bool) ([]net.Listener, error) {
	if f.listen != "" && !portGiven {
		l, err := listen(ctx, f.listen)
		return []net.Listener{l}, err
	}
	first, err := listen(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(f.port)))
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(first.Addr().String())
	if err != nil {
		return nil, err
	}
	second, err := listen(ctx, net.JoinHostPort("::1", port))
	if err != nil { // a machine without IPv6
		return []net.Listener{first}, nil
	}
	return []net.Listener{first, second}, nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is busy: another program listens there; choose another with --port, or --port 0 for any", address)
	}
	return l, err
}

// baseURL is where clients reach the server, without a slash at its end.
func (f *serveFlags) baseURL(l net.Listener) string {
	if f.publicURL != "" {
		return strings.TrimSuffix(f.publicURL, "/") + strings.TrimSuffix(f.basePath, "/")
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + strings.TrimSuffix(f.basePath, "/")
}
