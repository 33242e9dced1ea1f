package behaviour

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/expr"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

//go:embed x-mock.schema.json
var schemaText []byte

// Schema is the JSON Schema of x-mock.
func Schema() []byte { return slices.Clone(schemaText) }

// compiler is one [Compile] under way.
type compiler struct {
	*Behaviour
	contract *contract.Contract
	found    []contract.Diagnostic
	schemas  func() map[string]*schema.Schema
}

// Compile reads what a document declares; nil if it declares nothing. What is wrong is in the diagnostics, and what it is wrong in is as
// if it were not declared.
func Compile(c *contract.Contract) (*Behaviour, []contract.Diagnostic) {
	root := c.At("/x-mock")
	b := &Behaviour{
		constants: map[string]any{}, collections: map[string]*Collection{}, failures: map[string]*outcome{}, unrouted: map[int]*outcome{},
		schemes: map[string]*scheme{}, dialects: map[string]*dialect{}, routines: map[string]*routine{}, operations: map[string]*Operation{},
		layout: time.RFC3339,
	}
	k := &compiler{Behaviour: b, contract: c, schemas: sync.OnceValue(compileSchemas)}
	var own []*contract.Operation
	for _, op := range c.Operations() {
		if n := op.Node().Get("x-mock"); n != nil {
			own = append(own, op)
		}
	}
	k.webhooks()
	if root == nil && len(own) == 0 {
		return nil, k.found
	}
	names := []string{"base", "row", "violations", "details", "id", "timeout", "result", "failed", "operation"}
	names = append(names, namesIn(root)...)
	for _, op := range own {
		names = append(names, namesIn(op.Node().Get("x-mock"))...)
	}
	slices.Sort(names)
	b.language = expr.New(expr.Options{Names: slices.Compact(names), Functions: arities()})
	if root != nil && k.fits(root, "root") {
		k.root(root)
	}
	for _, op := range own {
		k.operation(op)
	}
	return b, k.found
}

// webhooks holds what webhooks declare to the schema; package contract reads it.
func (k *compiler) webhooks() {
	for _, one := range k.contract.Callbacks() {
		if n := one.Request.Node().Get("x-mock"); n != nil && one.Of == nil {
			k.fits(n, "webhook")
		}
	}
}

// compileSchemas compiles the schema of x-mock: what may stand at the root of a document, at an operation, and at a webhook.
func compileSchemas() map[string]*schema.Schema {
	out := map[string]*schema.Schema{}
	for _, place := range []string{"root", "operation", "webhook"} {
		text := strings.Replace(string(schemaText), `"$ref": "#/$defs/root"`, `"$ref": "#/$defs/`+place+`"`, 1)
		if n, err := schema.Parse("x-mock.schema.json", []byte(text)); err == nil {
			out[place] = schema.NewCompiler(nil, schema.Draft202012).Compile("urn:standin:schema:x-mock", n)
		}
	}
	return out
}

// fits tells whether a declaration has the form that the schema asks for in its place.
func (k *compiler) fits(n *source.Node, place string) bool {
	s := k.schemas()[place]
	if s == nil {
		return true
	}
	broken := s.Check(n.Value(), schema.Options{})
	for _, v := range broken {
		at := n.Position()
		if inner, err := n.At(v.Pointer); err == nil {
			at = inner.Position()
		}
		k.fault(at, "x-mock%s: %s", v.Pointer, v.Message)
	}
	return len(broken) == 0
}

func (k *compiler) fault(at contract.Position, format string, args ...any) {
	k.found = append(k.found, contract.Diagnostic{Position: at, Level: contract.Error, Rule: "x-mock", Message: fmt.Sprintf(format, args...)})
}

// namesIn are the names that steps below a node give to values.
func namesIn(n *source.Node) []string {
	var out []string
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		for _, m := range n.Members() {
			switch {
			case (m.Name == "let" || m.Name == "names" || m.Name == "with") && m.Value.Is(source.Object):
				for _, name := range m.Value.Members() {
					out = append(out, name.Name)
				}
			case m.Name == "as" && m.Value.Is(source.String):
				out = append(out, m.Value.Text())
			case m.Name == "given":
				for _, name := range m.Value.Items() {
					out = append(out, name.Text())
				}
			}
			walk(m.Value)
		}
		for _, one := range n.Items() {
			walk(one)
		}
	}
	walk(n)
	return out
}

// root compiles what operations share, each part after those that it may name.
func (k *compiler) root(n *source.Node) {
	k.layout, k.kind = n.Get("times").StringOr(k.layout), n.Get("type").StringOr("")
	k.checkFirst = n.Get("checkFirst").True()
	for _, m := range n.Get("names").Members() {
		k.constants[m.Name] = m.Value.Value()
	}
	for _, m := range n.Get("collections").Members() {
		k.collections[m.Name] = &Collection{Name: m.Name, Key: m.Value.Get("key").StringOr("id"), Position: m.Value.Position()}
	}
	for _, m := range n.Get("errors").Members() {
		k.failures[m.Name] = k.outcome(m.Value)
	}
	for _, m := range n.Get("routines").Members() {
		one := &routine{}
		for _, name := range m.Value.Get("given").Items() {
			one.given = append(one.given, name.Text())
		}
		k.routines[m.Name] = one
	}
	for _, m := range n.Get("collections").Members() {
		k.collection(k.collections[m.Name], m.Value)
	}
	for _, m := range n.Get("dialects").Members() {
		k.dialects[m.Name] = k.dialect(m.Value)
	}
	for _, m := range n.Get("routines").Members() {
		k.routines[m.Name].do = k.steps(m.Value.Get("do"))
	}
	for _, m := range n.Get("security").Members() {
		k.schemes[m.Name] = &scheme{read: k.steps(m.Value.Get("read")), accept: k.steps(m.Value.Get("accept"))}
	}
	for _, m := range n.Get("unrouted").Members() {
		k.unrouted[map[string]int{"404": 404, "405": 405}[m.Name]] = k.outcome(m.Value)
	}
	for _, one := range n.Get("refusals").Items() {
		r := &refusal{when: k.condition(one.Get("if")), fail: k.failing(one, "fail"), late: one.Get("late").True()}
		if r.fail != nil {
			k.refusals = append(k.refusals, r)
		}
	}
	for _, one := range n.Get("timers").Items() {
		k.timers = append(k.timers, timer{duration(one.Get("every"), time.Hour), k.steps(one.Get("do"))})
	}
	if j := n.Get("jobs"); j != nil {
		k.jobsOf(j)
	}
}

func (k *compiler) jobsOf(n *source.Node) {
	j := &jobs{
		id: k.program(n.Get("id")), takes: duration(n.Get("takes"), 0), keep: duration(n.Get("keep"), time.Hour),
		accepted: k.outcome(n.Get("accepted")), taken: k.outcome(n.Get("taken")), late: n.Get("late").True(), poll: n.Get("poll").Text(), key: k.program(n.Get("key")),
		running: k.outcome(n.Get("running")), unknown: k.outcome(n.Get("unknown")),
		pollWithBody: k.steps(n.Get("told")), ended: k.steps(n.Get("ended")),
	}
	if queue := n.Get("queue"); queue != nil {
		j.queue = k.program(queue)
	}
	if limit := n.Get("limit"); limit != nil {
		j.limit, j.exceeded = k.program(limit), k.failing(n.Get("exceeded"), "fail")
	}
	if op := k.contract.Operation(j.poll); op == nil {
		k.fault(n.PositionOf("poll"), "there is no operation %q to ask after jobs", j.poll)
		return
	}
	k.jobs = j
	k.operations[j.poll] = &Operation{id: j.poll, poll: true}
}

func (k *compiler) collection(c *Collection, n *source.Node) {
	c.Path = collectionPath(n, c.Name)
	c.visible = k.condition(n.Get("visible"))
	if row := n.Get("row"); row != nil {
		if c.Row = k.contract.SchemaAt(strings.TrimPrefix(row.Text(), "#")); c.Row == nil {
			k.fault(row.Position(), "there is no schema %s", row.Text())
		}
	}
	c.joins, c.aliases, c.always = map[string]join{}, map[string]string{}, map[string]any{}
	for _, m := range n.Get("joins").Members() {
		other := k.collections[m.Value.Get("collection").Text()]
		if other == nil {
			k.fault(m.Value.PositionOf("collection"), "there is no collection %q", m.Value.Get("collection").Text())
			continue
		}
		c.joins[m.Name] = join{other.Name, m.Value.Get("from").Text(), m.Value.Get("to").StringOr(other.Key)}
	}
	for _, m := range n.Get("aliases").Members() {
		c.aliases[m.Name] = m.Value.Text()
	}
	for _, m := range n.Get("computed").Members() {
		c.computed = append(c.computed, computed{m.Name, k.program(m.Value)})
	}
	if in := n.Get("inside"); in != nil {
		if c.inside = (&inside{k.collections[in.Get("collection").Text()], in.Get("property").Text()}); c.inside.of == nil {
			k.fault(in.PositionOf("collection"), "there is no collection %q", in.Get("collection").Text())
			c.inside = nil
		}
	}
	for _, m := range n.Get("always").Members() {
		c.always[m.Name] = m.Value.Value()
	}
}

func (k *compiler) dialect(n *source.Node) *dialect {
	d := &dialect{
		filter: n.Get("filter").StringOr(""), separator: n.Get("separator").StringOr(","), any: n.Get("wildcards").Get("any").StringOr(""),
		one: n.Get("wildcards").Get("one").StringOr(""), folded: n.Get("caseless").True(), offset: n.Get("offset").StringOr(""),
		fields: n.Get("fields").StringOr(""), limit: n.Get("limit").Get("parameter").StringOr(""), sort: n.Get("sort").Get("parameter").StringOr(""),
		falling: n.Get("sort").Get("descending").StringOr(""), layouts: []string{k.layout},
	}
	if most := n.Get("limit").Get("default"); most != nil {
		d.most = wholeOf(most.Value(), 0)
	}
	for _, one := range n.Get("sort").Get("ascending").Items() {
		d.ascending = append(d.ascending, one.Text())
	}
	for _, one := range n.Get("times").Items() {
		d.layouts = append(d.layouts, one.Text())
	}
	for _, one := range n.Get("operators").Items() {
		d.operators = append(d.operators, operator{one.Get("text").Text(), one.Get("test").Text()})
	}
	if n.Get("syntax") != nil {
		d.syntax = k.failing(n, "syntax")
	}
	if n.Get("unknown") != nil {
		d.unknown = k.failing(n, "unknown")
	}
	return d
}

// operation compiles what one operation declares; nothing where that is about its collection only.
func (k *compiler) operation(op *contract.Operation) {
	n := op.Node().Get("x-mock")
	before := len(k.found)
	if !k.fits(n, "operation") {
		return
	}
	if n.Get("do") == nil && n.Get("answer") == nil && n.Get("actions") == nil && n.Get("check") == nil && n.Get("job") == nil {
		return
	}
	o := k.action(op.ID, n)
	for _, m := range n.Get("actions").Members() {
		if o.actions == nil {
			o.actions = map[string]*Operation{}
		}
		one := k.action(op.ID, m.Value)
		one.job = one.job || o.job
		if one.takes == nil {
			one.takes = o.takes
		}
		if len(one.begin) > 0 && !one.job {
			k.fault(m.Value.PositionOf("begin"), "only a job begins before it ends")
		}
		o.actions[m.Name] = one
	}
	if len(o.begin) > 0 && (!o.job || o.actions != nil) {
		k.fault(n.PositionOf("begin"), "only a job begins before it ends")
	}
	if o.job && k.jobs == nil {
		k.fault(n.PositionOf("job"), "x-mock.jobs at the root does not say how jobs answer")
	}
	if len(k.found) == before {
		k.operations[op.ID] = o
	}
}

func (k *compiler) action(id string, n *source.Node) *Operation {
	o := &Operation{
		id: id, check: k.steps(n.Get("check")), begin: k.steps(n.Get("begin")), do: k.steps(n.Get("do")),
		timeout: int64(wholeOf(n.Get("timeout").Value(), 0)),
	}
	if j := n.Get("job"); j != nil {
		o.job = j.Is(source.Object) || j.True()
		if takes := j.Get("takes"); takes != nil {
			d := duration(takes, 0)
			o.takes = &d
		}
	}
	if a := n.Get("answer"); a != nil {
		o.do = append(o.do, &answering{&outcome{body: k.template(a), hasBody: true}})
	}
	return o
}

func duration(n *source.Node, otherwise time.Duration) time.Duration {
	if d, err := time.ParseDuration(n.StringOr("")); err == nil {
		return d
	}
	return otherwise
}
