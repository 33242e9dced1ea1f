package mock_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"standin/mock"
)

func TestUpstreamTLS(t *testing.T) {
	backend := httptest.NewTLSServer(answerWith(200, "application/json", `[]`))
	t.Cleanup(backend.Close)
	pool := x509.NewCertPool()
	pool.AddCert(backend.Certificate())
	if res, text := askOver(t, "GET", inFrontOf(t, itemShop, backend.URL).URL+"/items", ""); res.StatusCode != 502 || !strings.Contains(text, "certificate") {
		t.Errorf("a certificate nobody vouches for: %d %s", res.StatusCode, text)
	}
	b := inFrontOf(t, itemShop, backend.URL, mock.UpstreamTLS(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}))
	if res, text := askOver(t, "GET", b.URL+"/items", ""); res.StatusCode != 200 || text != "[]" {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}

// TestUpstreamClientCertificate: a real server that asks for a client's certificate gets the one that was given, and nobody else's.
func TestUpstreamClientCertificate(t *testing.T) {
	ours, others := issued(t, "standin"), issued(t, "somebody")
	clients := x509.NewCertPool()
	clients.AddCert(ours.Leaf)
	names := make(chan string, 4)
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		names <- r.TLS.PeerCertificates[0].Subject.CommonName
		answerWith(200, "application/json", `[]`)(w, r)
	}))
	backend.Config.ErrorLog = log.New(io.Discard, "", 0) // two handshakes fail, as they must
	backend.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients, MinVersion: tls.VersionTLS13}
	backend.StartTLS()
	t.Cleanup(backend.Close)
	servers := x509.NewCertPool()
	servers.AddCert(backend.Certificate())
	for _, one := range []struct {
		name   string
		shown  []tls.Certificate
		status int
		says   string
	}{
		{"ours", []tls.Certificate{ours}, 200, "[]"},
		{"another one", []tls.Certificate{others}, 502, "certificate"},
		{"none", nil, 502, "certificate required"},
	} {
		t.Run(one.name, func(t *testing.T) {
			b := inFrontOf(t, itemShop, backend.URL, mock.UpstreamTLS(&tls.Config{RootCAs: servers, Certificates: one.shown, MinVersion: tls.VersionTLS12}))
			if res, text := askOver(t, "GET", b.URL+"/items", ""); res.StatusCode != one.status || !strings.Contains(text, one.says) {
				t.Errorf("%d %s", res.StatusCode, text)
			}
		})
	}
	if name := <-names; name != "standin" || len(names) > 0 {
		t.Errorf("%q was let in, and %d more", name, len(names))
	}
}

// issued is a certificate that vouches for itself.
func issued(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
