package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
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
	overlays  []string
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
	tlsCert   string
	tlsKey    string
	tlsSelf   bool
	state     string
	closed    bool
	docsTrust []string
	store     string
	token     string
	pages     []string
	callbacks []string
	coverage  bool

	target string                                 // of standin proxy: the real server, "" for none
	more   []mock.Option                          // that no flag of serve says
	ready  func(ctx context.Context, base string) // is told when requests are answered
	made   func(*mock.Server)                     // is told of each server
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.listen, "listen", "", "address to listen on, HOST:PORT (default: port 8080 on 127.0.0.1 and ::1)")
	flags.IntVar(&f.port, "port", 8080, "port on 127.0.0.1 and ::1; 0 takes any free one")
	flags.StringVar(&f.readyFile, "ready-file", "", "file to write the base URL to once requests are answered (default: none)")
	documentFlags(flags, &f.overlays)
	flags.StringVar(&f.fixtures, "fixtures", "", "folder of fixtures (default: fixtures beside the document)")
	flags.Uint64Var(&f.seed, "seed", 1, "decides what is generated; the same seed and request give the same bytes")
	flags.StringVar(&f.basePath, "base-path", "", "path in front of every path of the document, such as /api (default: none)")
	flags.StringVar(&f.publicURL, "public-url", "", "URL under which clients reach this server (default: its own)")
	flags.StringVar(&f.handling, "handling", "default", "default, strict (refuses what is undeclared too) or lenient (refuses nothing)")
	flags.StringVar(&f.errors, "errors", "document", "shape of refusals: document (the operation's own where it can carry a text) or problem (RFC 9457)")
	flags.StringSliceVar(&f.docsTrust, "docs-origin", nil, "origin of exported documentation whose forms may be sent here (default: none)")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "certificate in PEM to serve https with; needs --tls-key (default: http)")
	flags.StringVar(&f.tlsKey, "tls-key", "", "key in PEM of --tls-cert")
	flags.BoolVar(&f.tlsSelf, "tls-self-signed", false, "serve https with a certificate made for this run")
	flags.StringVar(&f.state, "state", "on", "remember what clients create, change and delete: on or off")
	flags.BoolVar(&f.closed, "closed", false, "answer 404 for ids that were neither seeded nor created, where the document has it")
	flags.StringVar(&f.store, "store", "memory", "where to remember: memory, file:PATH to outlive the server, or redis://[USER:PASSWORD@]HOST[:PORT][/DB][?prefix=NAME] for several servers to act as one")
	flags.StringVar(&f.token, "control-token", "", "token that opens the control API to those who come from elsewhere (default: nobody from elsewhere)")
	flags.StringSliceVar(&f.callbacks, "callback-allow", nil, "origin to send web hooks and callbacks to; others are only written into the journal (default: none)")
	flags.StringSliceVar(&f.pages, "control-origin", nil, "origin whose pages may use the control API (default: none)")
	flags.BoolVar(&f.coverage, "coverage", false, "count what every exchange uses of the document, for GET /__mock/report (default: it tells of what the journal holds)")
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
		Use:     "serve [[NAME=]DOC...]",
		Short:   "Serve documents (what standin does without a command)",
		Example: "  standin serve openapi.yaml --port 4010 --handling strict\n  standin serve pets=petstore.yaml orders=orders.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			documents, err := a.several(cmd.Flags(), args, &f.fixtures)
			if err != nil {
				return err
			}
			if len(documents) > 1 && len(f.overlays) > 0 {
				return misuse("--overlay changes one document, and %d are served", len(documents))
			}
			documents[0].overlays = f.overlays
			return a.serve(cmd.Context(), documents, &f, cmd.Flags())
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
			return a.serve(cmd.Context(), []document{{demo: true, overlays: f.overlays}}, &f, cmd.Flags())
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
	remember, err := f.memory(d.mount)
	if err != nil {
		return nil, err
	}
	return append(append(remember, f.more...),
		mock.Fixtures(d.files()), mock.Seed(f.seed), mock.WithHandling(handling), mock.WithErrors(shape), mock.WithLogger(logger),
		mock.MaxBody(f.maxBody), mock.BasePath(f.base(d.mount)), mock.AllowOrigins(f.origins...), mock.CheckHost(), mock.AllowHosts(f.hosts...), mock.Control(),
		mock.PublicURL(f.publicURL), mock.Docs(appearance), mock.CompareHistory(d.compare),
		mock.TrustDocsOrigins(f.docsTrust...),
	), nil
}

// memory turns the flags about state into options.
func (f *serveFlags) memory(mount string) ([]mock.Option, error) {
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
	if len(f.callbacks) > 0 {
		out = append(out, mock.CallbackOrigins(f.callbacks...))
	}
	if f.token != "" {
		out = append(out, mock.ControlToken(f.token))
	}
	if f.coverage {
		out = append(out, mock.CountCoverage())
	}
	if len(f.pages) > 0 {
		out = append(out, mock.ControlOrigins(f.pages...))
	}
	where, err := f.storeOption(mount)
	if err != nil {
		return nil, err
	}
	return append(out, where...), nil
}

// storeOption is where to remember; each mounted document has a store of its own.
func (f *serveFlags) storeOption(mount string) ([]mock.Option, error) {
	if name, ok := strings.CutPrefix(f.store, "file:"); ok && name != "" {
		if mount != "" {
			name += "." + mount
		}
		return []mock.Option{mock.StoreFile(name)}, nil
	}
	if strings.HasPrefix(f.store, "redis://") || strings.HasPrefix(f.store, "rediss://") {
		u, err := url.Parse(f.store)
		if err != nil {
			return nil, misuse("--store looks like redis://HOST:6379/0")
		}
		if mount != "" {
			q := u.Query()
			prefix := cmp.Or(q.Get("prefix"), "standin")
			q.Set("prefix", prefix+"."+mount)
			u.RawQuery = q.Encode()
		}
		return []mock.Option{mock.StoreRedis(u.String())}, nil
	}
	if f.store != "memory" {
		return nil, misuse("--store is memory, file:PATH or redis://HOST:PORT, not %q", f.store)
	}
	return nil, nil
}

// served is one document with its server and the URL under which clients reach it.
type served struct {
	document document
	server   *mock.Server
	base     string
}

// serve listens first, so that a busy port is told before anything is compiled, and then serves until ctx ends.
func (a *app) serve(ctx context.Context, documents []document, f *serveFlags, flags *pflag.FlagSet) error {
	switch f.watch {
	case "on", "off", "poll":
	default:
		return misuse("--watch is on, off or poll, not %q", f.watch)
	}
	if a.getenv("CI") != "" && !flags.Changed("watch") {
		f.watch = "off"
	}
	certificate, err := f.certificate()
	if err != nil {
		return err
	}
	var all []served
	for _, d := range documents {
		one, err := a.build(ctx, d, f)
		if err != nil {
			return err
		}
		defer func() { _ = one.Close() }()
		all = append(all, served{document: d, server: one})
	}
	if f.port < 0 || f.port > 65535 {
		return misuse("a port is a number from 0 to 65535, not %d", f.port)
	}
	listeners, err := f.listeners(ctx, flags.Changed("port"))
	if err != nil {
		return failed(err)
	}
	for i := range all {
		all[i].base = f.baseURL(listeners[0], all[i].document.mount)
	}
	return a.answer(ctx, all, f, listeners, certificate)
}

// build makes the server of one document.
func (a *app) build(ctx context.Context, d document, f *serveFlags) (*mock.Server, error) {
	options, err := a.options(f, d)
	if err != nil {
		return nil, err
	}
	c, err := d.load(ctx)
	if err != nil {
		return nil, err
	}
	server, err := mock.New(c, options...)
	if _, closed := errors.AsType[*mock.StoreError](err); closed {
		return nil, failed(err)
	}
	if err != nil {
		return nil, misuse("%w", err)
	}
	if f.made != nil {
		f.made(server)
	}
	return server, nil
}

// handler is all servers together.
func handler(all []served) (http.Handler, error) {
	if len(all) == 1 && all[0].document.mount == "" {
		return all[0].server, nil
	}
	var servers []*mock.Server
	for _, one := range all {
		servers = append(servers, one.server)
	}
	return mock.Mount(servers...)
}

// answer answers on the listeners until ctx ends or one of them breaks.
func (a *app) answer(ctx context.Context, all []served, f *serveFlags, listeners []net.Listener, certificate *tls.Certificate) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	h, err := handler(all)
	if err != nil {
		return misuse("%w", err)
	}
	web := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       f.timeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	if certificate != nil {
		web.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
	}
	for _, one := range all {
		web.RegisterOnShutdown(one.server.Drain)
	}
	broken := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() {
			if certificate != nil {
				broken <- web.ServeTLS(l, "", "")
				return
			}
			broken <- web.Serve(l)
		}()
	}
	if err := a.begin(ctx, all, f, certificate); err != nil {
		return err
	}
	if f.readyFile != "" {
		defer os.Remove(f.readyFile)
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
	return nil
}

// begin greets, watches the files, and says that all is ready.
func (a *app) begin(ctx context.Context, all []served, f *serveFlags, certificate *tls.Certificate) error {
	for _, one := range all {
		if f.target != "" {
			a.greetProxy(ctx, one, f)
			continue
		}
		a.greet(ctx, one, certificate)
	}
	for _, one := range all {
		if f.watch == "off" || one.document.demo || one.document.remote() {
			continue
		}
		logger, err := a.logger(f.logFormat)
		if err != nil {
			return err
		}
		w := &watcher{document: one.document, server: one.server, logger: logger, poll: f.watch == "poll"}
		w.begin()
		go w.run(ctx)
	}
	base := all[0].base
	if mount := all[0].document.mount; mount != "" {
		base = strings.TrimSuffix(base, "/"+mount)
	}
	if f.readyFile != "" {
		if err := writeReady(f.readyFile, base); err != nil {
			return failed(err)
		}
	}
	if f.ready != nil {
		f.ready(ctx, base)
	}
	debug.FreeOSMemory() // compiling took more than serving needs
	return nil
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

// base is the path in front of a document's paths.
func (f *serveFlags) base(mount string) string {
	base := strings.TrimSuffix(f.basePath, "/")
	if mount != "" {
		base += "/" + mount
	}
	return base
}

// baseURL is where clients reach a document, without a slash at its end.
func (f *serveFlags) baseURL(l net.Listener, mount string) string {
	if f.publicURL != "" {
		return strings.TrimSuffix(f.publicURL, "/") + f.base(mount)
	}
	scheme := "http://"
	if f.secure() {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return scheme + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return scheme + net.JoinHostPort(host, port) + f.base(mount)
}
