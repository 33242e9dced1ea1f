package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"time"
)

// secure tells whether https is served.
func (f *serveFlags) secure() bool { return f.tlsSelf || f.tlsCert != "" || f.tlsKey != "" }

// certificate is what https is served with; nil for http.
func (f *serveFlags) certificate() (*tls.Certificate, error) {
	switch {
	case !f.secure():
		return nil, nil
	case f.tlsSelf && (f.tlsCert != "" || f.tlsKey != ""):
		return nil, misuse("--tls-self-signed makes its own certificate, and takes none from --tls-cert")
	case f.tlsSelf:
		c, err := selfSigned(f.hosts, time.Now())
		if err != nil {
			return nil, failed(err)
		}
		return c, nil
	case f.tlsCert == "" || f.tlsKey == "":
		return nil, misuse("--tls-cert and --tls-key belong together")
	}
	c, err := tls.LoadX509KeyPair(f.tlsCert, f.tlsKey)
	if err != nil {
		return nil, misuse("the certificate cannot be used: %w", err)
	}
	return &c, nil
}

// selfSigned makes a certificate for the names of this machine that clients use, valid for a year.
func selfSigned(hosts []string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "standin"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
		DNSNames: []string{"localhost", "*.localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	for _, host := range hosts {
		name, _, _ := strings.Cut(host, ":")
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
