package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/tidwall/btree"
)

// keptFor is how long Redis keeps a sandbox that no process uses any more, whatever becomes of the processes.
const keptFor = 7 * 24 * time.Hour

// OpenRedis opens the store at redis://[USER:PASSWORD@]HOST[:PORT][/DB], or rediss:// for TLS. Of its query, prefix=NAME stands in front
// of all keys ("standin"), so that several stores can share a database, and ca=FILE names the certificates to trust; what else the client
// library knows is its business. An error tells that the URL is wrong or that nobody answers there; it never holds the password. now tells
// the time; nil for that of the machine.
func OpenRedis(address string, limits Limits, now func() time.Time) (*Redis, error) {
	if now == nil {
		now = time.Now
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the store's URL cannot be read; it looks like redis://HOST:6379/0")
	}
	shown := u.Redacted()
	query := u.Query()
	prefix, ca := query.Get("prefix"), query.Get("ca")
	query.Del("prefix")
	query.Del("ca")
	u.RawQuery = query.Encode()
	if prefix == "" {
		prefix = "standin"
	}
	options, err := redis.ParseURL(u.String())
	if err != nil {
		return nil, fmt.Errorf("%s is no URL of a Redis: %s", shown, withoutSecret(err.Error(), u))
	}
	if ca != "" {
		if err := trust(options, ca); err != nil {
			return nil, err
		}
	}
	options.MaxRetries = -1 // a change that may have happened must not happen twice
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = patience, patience, patience
	options.DialerRetries = 1
	options.ContextTimeoutEnabled = true
	s := &Redis{
		client: redis.NewClient(options), scripts: newScripts(), logScripts: newLogScripts(), names: newNames(prefix), limits: limits.orDefaults(), now: now,
		shown: shown, copies: map[string]*replica{},
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.client.Ping(ctx).Err(); err != nil {
		_ = s.client.Close()
		return nil, &UnavailableError{shown, errors.New(withoutSecret(err.Error(), u))}
	}
	return s, nil
}

// withoutSecret is a text without the password of a URL.
func withoutSecret(text string, u *url.URL) string {
	if secret, ok := u.User.Password(); ok && secret != "" {
		return strings.ReplaceAll(text, secret, "xxxxx")
	}
	return text
}

// trust lets a connection trust the certificates in a file.
func trust(o *redis.Options, name string) error {
	if o.TLSConfig == nil {
		return errors.New("ca is for rediss://, which encrypts")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return fmt.Errorf("%s holds no certificates", name)
	}
	o.TLSConfig = &tls.Config{RootCAs: pool, ServerName: o.TLSConfig.ServerName, MinVersion: tls.VersionTLS12}
	return nil
}

func nothing() *versioned {
	return &versioned{state: state{tree: &btree.Map[string, []byte]{}}}
}
