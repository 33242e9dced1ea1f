package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/expr"
	"standin/mock/internal/source"
)

// Setup is what a target needs to be asked: a login, rows, values that are there, and what is better left out. It is read from a file,
//
//	login: {operation: logIn, body: {name: ann, password: "$PASSWORD"}, token: /token, scheme: session, header: "Bearer {token}"}
//	credentials: {key: "$API_KEY"}
//	rows:
//	  - {operation: createOwner, body: {name: Ann}, as: owner}
//	  - {operation: createPet, path: {ownerId: "{{ owner.id }}"}, body: {name: Rex}, as: pet}
//	operations:
//	  getPet: {path: {ownerId: "{{ owner.id }}", petId: "{{ pet.id }}"}}
//	  deletePet: {skip: it mails the owner}
//	  listPets: {without: [body, header], query: {tenant: 7}}
//	  "*": {without: [negotiation]}
//
// where login is in the place of the document's x-mock.login, and false for none; a text that is $NAME is an environment variable, told
// nowhere; {{ }} is an expression over the answers of rows, by what they are kept as; skip is true or a reason; and what path, query,
// header, cookie and body say is sent in every request whose case is not about just that.
type Setup struct {
	login       *source.Node
	credentials map[string]string
	rows        []*setupRow
	operations  map[string]*setupOperation
}

// setupRow is a request that is sent before all others.
type setupRow struct {
	node *source.Node
	id   string
	as   string
}

// setupOperation is what is said of an operation; * is said of all.
type setupOperation struct {
	node    *source.Node
	skip    string
	without []string
	values  map[string]any // by place and name: "path id"
	body    any
	hasBody bool
}

// places are where the values of a request stand.
func places() []string { return []string{"path", "query", "header", "cookie"} }

// ParseSetup reads the text of a file; the name tells JSON from YAML and stands in errors. getenv gives environment variables; one that is
// named and not set is an error.
func ParseSetup(name string, text []byte, getenv func(string) string) (*Setup, error) {
	n, err := source.Parse(name, text, source.Limits{})
	if err != nil {
		return nil, err
	}
	if faults := n.File().Faults(); len(faults) > 0 {
		return nil, faults[0]
	}
	if !n.Is(source.Object) {
		return nil, fmt.Errorf("%v: this is no setup: it has login, credentials, rows and operations", n.Position())
	}
	n, errs := filled(n, getenv)
	s := &Setup{login: n.Get("login"), credentials: map[string]string{}, operations: map[string]*setupOperation{}}
	errs = append(errs, only(n, "login", "credentials", "rows", "operations"))
	for _, m := range n.Get("credentials").Members() {
		s.credentials[m.Name] = m.Value.Text()
	}
	for _, row := range n.Get("rows").Items() {
		errs = append(errs, only(row, slices.Concat(places(), []string{"operation", "body", "as"})...))
		s.rows = append(s.rows, &setupRow{row, row.Get("operation").Text(), row.Get("as").Text()})
	}
	for _, m := range n.Get("operations").Members() {
		one, err := readSetupOperation(m)
		errs = append(errs, err)
		s.operations[m.Name] = one
	}
	return s, errors.Join(errs...)
}

// only tells of members that mean nothing.
func only(n *source.Node, names ...string) error {
	var errs []error
	for _, m := range n.Members() {
		if !slices.Contains(names, m.Name) {
			errs = append(errs, fmt.Errorf("%v: %q means nothing here; there is %s", m.Position(), m.Name, strings.Join(names, ", ")))
		}
	}
	return errors.Join(errs...)
}

// filled is a tree with the environment's variables in the place of texts that are $NAME.
func filled(n *source.Node, getenv func(string) string) (*source.Node, []error) {
	var errs []error
	switch n.Kind() {
	case source.String:
		name, ok := strings.CutPrefix(n.Text(), "$")
		if !ok || name == "" || strings.ContainsAny(name, " .{}/") {
			return n, nil
		}
		value := getenv(name)
		if value == "" {
			errs = append(errs, fmt.Errorf("%v: the environment variable %s is not set", n.Position(), name))
		}
		return source.NewString(n, value), errs
	case source.Object:
		var members []source.Member
		for _, m := range n.Members() {
			v, more := filled(m.Value, getenv)
			members, errs = append(members, source.NewMember(m.Name, v)), append(errs, more...)
		}
		return source.NewObject(n, members...), errs
	case source.Array:
		var items []*source.Node
		for _, one := range n.Items() {
			v, more := filled(one, getenv)
			items, errs = append(items, v), append(errs, more...)
		}
		return source.NewArray(n, items...), errs
	}
	return n, nil
}

func readSetupOperation(m source.Member) (*setupOperation, error) {
	n := m.Value
	out := &setupOperation{node: n, values: map[string]any{}}
	if skip := n.Get("skip"); skip.True() {
		out.skip = "the setup skips them"
	} else if skip.Is(source.String) {
		out.skip = skip.Text()
	}
	errs := []error{only(n, slices.Concat(places(), []string{"skip", "without", "body"})...)}
	for _, one := range n.Get("without").Items() {
		if !slices.Contains(Checks(), one.Text()) {
			errs = append(errs, fmt.Errorf("%v: there is no check %q; there is %s", one.Position(), one.Text(), strings.Join(Checks(), ", ")))
		}
		out.without = append(out.without, one.Text())
	}
	return out, errors.Join(errs...)
}

// fits tells whether a contract has what the setup speaks of.
func (s *Setup) fits(c *contract.Contract) error {
	if s == nil {
		return nil
	}
	var errs []error
	known := func(n *source.Node, id string) {
		if c.Operation(id) == nil {
			errs = append(errs, fmt.Errorf("%v: the document has no operation %q", n.Position(), id))
		}
	}
	for _, row := range s.rows {
		known(row.node, row.id)
	}
	for _, id := range slices.Sorted(maps.Keys(s.operations)) {
		if id != "*" {
			known(s.operations[id].node, id)
			errs = append(errs, fitsParameters(s.operations[id].node, c.Operation(id)))
		}
	}
	if s.login.Is(source.Object) {
		known(s.login, s.login.Get("operation").Text())
	}
	return errors.Join(errs...)
}

// fitsParameters tells of values for parameters that an operation does not have.
func fitsParameters(n *source.Node, op *contract.Operation) error {
	if op == nil {
		return nil
	}
	for _, in := range places() {
		for _, m := range n.Get(in).Members() {
			if !slices.ContainsFunc(op.Parameters(), func(p *contract.Parameter) bool { return p.In == in && p.Name == m.Name }) {
				return fmt.Errorf("%v: %s has no %s parameter %q", m.Position(), op.ID, in, m.Name)
			}
		}
	}
	return nil
}

// of is what is said of an operation, never nil.
func (s *Setup) of(op *contract.Operation) *setupOperation {
	if s == nil || s.operations[op.ID] == nil {
		return &setupOperation{}
	}
	return s.operations[op.ID]
}

func (s *Setup) skip(op *contract.Operation) string { return s.of(op).skip }

// value is what is said of a parameter.
func (o *setupOperation) value(p *contract.Parameter) (any, bool) {
	v, ok := o.values[p.In+" "+p.Name]
	return v, ok
}

// without tells whether a check is not made of an operation.
func (r *run) without(op *contract.Operation, check string) bool {
	if slices.Contains(r.Without, check) || slices.Contains(r.Setup.of(op).without, check) {
		return true
	}
	return r.Setup != nil && r.Setup.operations["*"] != nil && slices.Contains(r.Setup.operations["*"].without, check)
}

// fixed tells whether the setup says what a parameter is.
func (r *run) fixed(op *contract.Operation, p *contract.Parameter) bool {
	_, fixed := r.Setup.of(op).value(p)
	return fixed
}

// prepare logs in, and makes what the setup wants to be there.
func (r *run) prepare(ctx context.Context) error {
	s := r.Setup
	if s == nil {
		r.keys.login = r.loginOf()
		return r.logIn(ctx)
	}
	maps.Copy(r.keys.of, s.credentials)
	switch {
	case s.login == nil:
		r.keys.login = r.loginOf()
	case s.login.Is(source.Object):
		r.keys.login = r.loginIn(s.login)
	}
	if err := r.logIn(ctx); err != nil {
		return err
	}
	names := []string{}
	for _, row := range s.rows {
		if row.as != "" {
			names = append(names, row.as)
		}
	}
	language, scope := expr.New(expr.Options{Names: names}), &expr.Scope{}
	for _, row := range s.rows {
		if err := r.setUp(ctx, row, language, scope); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.operations)) {
		if err := s.operations[id].fill(language, scope); err != nil {
			return err
		}
	}
	return nil
}

// loginIn is the login that a setup tells.
func (r *run) loginIn(n *source.Node) *login {
	op := r.contract.Operation(n.Get("operation").Text())
	d, err := r.draftOf(op, 0, false)
	if err != nil {
		d = &draft{op: op, values: map[*contract.Parameter]any{}, raw: map[*contract.Parameter]string{}}
	}
	if body := n.Get("body"); body != nil {
		d.body, d.has = body.Value(), true
	}
	return &login{operation: op, draft: d, token: n.Get("token").Text(), scheme: n.Get("scheme").Text(), format: n.Get("header").StringOr("{token}")}
}

// setUp sends the request of a row, and keeps its answer by its name.
func (r *run) setUp(ctx context.Context, row *setupRow, language *expr.Language, scope *expr.Scope) error {
	said := &setupOperation{node: row.node, values: map[string]any{}}
	if err := said.fill(language, scope); err != nil {
		return err
	}
	op := r.contract.Operation(row.id)
	d, err := r.draftOf(op, 0, false)
	if err != nil {
		return fmt.Errorf("%v: no request of %s can be made: %w", row.node.Position(), row.id, err)
	}
	for _, p := range op.Parameters() {
		if v, ok := said.value(p); ok {
			d.values[p] = v
		}
	}
	if said.hasBody {
		d.body, d.has = said.body, true
	}
	a, _, _, sent, err := r.send(ctx, d)
	if err != nil || !sent || a.status/100 != 2 {
		return fmt.Errorf("%v: %s is answered %d %s", row.node.Position(), row.id, a.status, errors.Join(err, a.lost, errors.New(line(a.body))))
	}
	if row.as != "" {
		v, _ := source.DecodeJSON(a.body, source.Limits{})
		scope.Set(row.as, v)
	}
	return nil
}

// fill works out the expressions.
func (o *setupOperation) fill(language *expr.Language, scope *expr.Scope) error {
	worked := func(n *source.Node) (any, error) {
		t, err := language.Template(n.Position().String(), n.Value())
		if err != nil {
			return nil, err
		}
		return t.Fill(scope)
	}
	for _, in := range places() {
		for _, m := range o.node.Get(in).Members() {
			v, err := worked(m.Value)
			if err != nil {
				return err
			}
			o.values[in+" "+m.Name] = v
		}
	}
	if body := o.node.Get("body"); body != nil {
		v, err := worked(body)
		if err != nil {
			return err
		}
		o.body, o.hasBody = v, true
	}
	return nil
}
