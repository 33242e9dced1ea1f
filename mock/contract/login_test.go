package contract_test

import (
	"strings"
	"testing"

	"standin/mock/contract"
)

func loginDocument(login string) string {
	return `openapi: 3.1.0
info: {title: t, version: "1"}
x-mock: {login: ` + login + `}
paths:
  /in: {post: {operationId: logIn, responses: {"200": {description: ok}}}}
  /out: {post: {operationId: logOut, responses: {"200": {description: ok}}}}
`
}

func TestLogin(t *testing.T) {
	for _, c := range []struct{ login, token, format, fault string }{
		{`{operation: logIn, token: /a/b, header: "Bearer {token}", logout: logOut}`, "/a/b", "Bearer {token}", ""},
		{`{operation: logIn, token: "$response.body#/a"}`, "/a", "{token}", ""},
		{`{operation: logon, token: /a}`, "", "", `there is no "logon"`},
		{`{operation: logIn}`, "", "", "where the answer has the token"},
		{`{operation: logIn, token: /a, header: Bearer}`, "", "", "must hold {token}"},
		{`{operation: logIn, token: /a, logout: gone}`, "/a", "{token}", `no operation "gone" to log out with`},
		{`[logIn]`, "", "", "must be an object"},
	} {
		d, err := contract.Parse(t.Context(), "login.yaml", []byte(loginDocument(c.login)))
		if err != nil {
			t.Fatal(err)
		}
		var faults []string
		for _, f := range d.Wait(t.Context()) {
			if f.Rule == "login" {
				faults = append(faults, f.String())
			}
		}
		all := strings.Join(faults, "\n")
		if (all == "") != (c.fault == "") || !strings.Contains(all, c.fault) {
			t.Errorf("%s: faults %q, want %q", c.login, all, c.fault)
		}
		switch l := d.Login(); {
		case l == nil:
			if c.token != "" {
				t.Errorf("%s: no login", c.login)
			}
		case l.Token != c.token || l.Format != c.format || l.Operation.ID != "logIn":
			t.Errorf("%s: %+v", c.login, l)
		}
	}
}
