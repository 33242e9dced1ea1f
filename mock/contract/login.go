package contract

import (
	"strings"

	"standin/mock/internal/source"
)

// Login is how a client gets a credential, as the document's root says in x-mock.login.
type Login struct {
	// Operation logs in; Logout, nil if none is named, ends the session.
	Operation, Logout *Operation
	// Example names the example of the request's body that works with the mock; "" means the first valid one.
	Example string
	// Token is the JSON Pointer of the credential in the login's answer.
	Token string
	// Scheme is the security scheme that the credential is for, "" for the only one there is.
	Scheme string
	// Format is how the credential is sent, with {token} in it: "OAuth {token}".
	Format string
}

// Login is the document's declared login, nil if it declares none. What is wrong with the declaration is a diagnostic.
func (c *Contract) Login() *Login { return c.login }

// readLogin reads x-mock.login:
//
//	x-mock:
//	  login: {operation: LogIn, example: admin, token: /session/token, header: "OAuth {token}", scheme: session, logout: LogOut}
//
// token may also be an OpenAPI runtime expression into the answer's body, "$response.body#/session/token".
func (c *Contract) readLogin() {
	n := c.root.Get("x-mock").Get("login")
	if n == nil {
		return
	}
	login := &Login{
		Operation: c.Operation(n.Get("operation").Text()), Example: n.Get("example").Text(), Scheme: n.Get("scheme").Text(),
		Token: strings.TrimPrefix(n.Get("token").Text(), "$response.body#"), Format: n.Get("header").StringOr("{token}"),
	}
	switch {
	case !n.Is(source.Object):
		c.fault(n.Position(), "login", "x-mock.login must be an object, this is "+kindName(n))
	case login.Operation == nil:
		c.fault(n.PositionOf("operation"), "login", "x-mock.login must name the operation that logs in; there is no "+quoted(n.Get("operation").Text()))
	case !strings.HasPrefix(login.Token, "/"):
		c.fault(n.PositionOf("token"), "login", "x-mock.login must say where the answer has the token, as a JSON Pointer like /token")
	case !strings.Contains(login.Format, "{token}"):
		c.fault(n.PositionOf("header"), "login", "the header of x-mock.login must hold {token}")
	default:
		c.login = login
	}
	if logout := n.Get("logout"); logout != nil {
		if login.Logout = c.Operation(logout.Text()); login.Logout == nil {
			c.fault(n.PositionOf("logout"), "login", "there is no operation "+quoted(logout.Text())+" to log out with")
		}
	}
}

func quoted(s string) string { return string(source.AppendString(nil, s)) }
