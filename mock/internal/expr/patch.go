package expr

import (
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// loops are the functions of expr-lang that run a closure for each element of a list.
var loops = []string{"all", "none", "any", "one", "count", "filter", "map", "find", "findIndex", "findLast", "findLastIndex"}

// operators are the functions that stand for operators.
var operators = map[string]string{
	"+": "$add", "-": "$subtract", "*": "$multiply", "/": "$divide", "%": "$remainder", "**": "$power", "^": "$power",
	"==": "$equal", "!=": "$unequal", "<": "$less", "<=": "$atMost", ">": "$more", ">=": "$atLeast", "in": "$in",
	"contains": "$contains", "startsWith": "$startsWith", "endsWith": "$endsWith",
}

// inRequest are the properties of request.
var inRequest = []string{"method", "url", "path", "query", "header", "cookie", "body"}

// patcher walks a program once, its leaves first. It puts functions that count and are exact in the place of operators, and refuses
// what a program must not do.
type patcher struct {
	language *Language
	err      error
	at       int
}

func (p *patcher) refuse(n ast.Node, format string, args ...any) {
	if p.err == nil {
		p.err, p.at = fmt.Errorf(format, args...), n.Location().From
	}
}

// call makes a node that calls one of our functions in a run.
func call(like ast.Node, name string, args ...ast.Node) ast.Node {
	callee := &ast.IdentifierNode{Value: name}
	run := &ast.IdentifierNode{Value: runName}
	out := &ast.CallNode{Callee: callee, Arguments: append([]ast.Node{run}, args...)}
	for _, n := range []ast.Node{callee, run, out} {
		n.SetLocation(like.Location())
	}
	return out
}

// called is the name of the function of ours that a node calls.
func called(n ast.Node) string {
	if c, ok := n.(*ast.CallNode); ok {
		if id, ok := c.Callee.(*ast.IdentifierNode); ok {
			return id.Value
		}
	}
	return ""
}

// Visit is called with each node after those below it; see [ast.Visitor].
func (p *patcher) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		p.identifier(node, n)
	case *ast.BinaryNode:
		p.binary(node, n)
	case *ast.UnaryNode:
		p.unary(node, n)
	case *ast.MemberNode:
		p.member(node, n)
	case *ast.CallNode:
		p.call(node, n)
	case *ast.ChainNode:
		chain(n.Node)
	case *ast.BuiltinNode:
		p.loop(n)
	case *ast.PredicateNode:
		p.closure(n)
	case *ast.ConditionalNode:
		n.Cond = call(n.Cond, "$truth", n.Cond)
	case *ast.SliceNode:
		*node = call(n, "$slice", n.Node, orNil(n.From), orNil(n.To))
	case *ast.PointerNode:
		if n.Name != "" && n.Name != "index" {
			p.refuse(n, "there is no #%s", n.Name)
		}
	case *ast.BytesNode:
		p.refuse(n, "there are no bytes, only texts")
	case *ast.VariableDeclaratorNode:
		if strings.HasPrefix(n.Name, "$") {
			p.refuse(n, "there is no name %s", n.Name)
		}
	}
}

func orNil(n ast.Node) ast.Node {
	if n == nil {
		return &ast.NilNode{}
	}
	return n
}

func (p *patcher) identifier(node *ast.Node, n *ast.IdentifierNode) {
	switch {
	case strings.HasPrefix(n.Value, "$"):
		p.refuse(n, "there is no name %s", n.Value)
	case n.Value == "uuid":
		*node = call(n, "$uuid")
	case n.Value == "null": // as JSON writes it; the grammar's own word is nil
		*node = &ast.NilNode{}
	}
}

func (p *patcher) binary(node *ast.Node, n *ast.BinaryNode) {
	if name, ok := operators[n.Operator]; ok {
		*node = call(n, name, n.Left, n.Right)
		return
	}
	switch n.Operator {
	case "and", "&&", "or", "||":
		n.Left, n.Right = call(n.Left, "$truth", n.Left), call(n.Right, "$truth", n.Right)
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			p.refuse(n, "the pattern of matches must be written out")
			return
		}
		compiled, size, err := compilePattern(pattern.Value)
		if err != nil {
			p.refuse(n, "%w", err)
			return
		}
		*node = call(n, "$matches", n.Left, &ast.ConstantNode{Value: compiled}, &ast.IntegerNode{Value: size})
	case "..":
		from, ok := n.Left.(*ast.IntegerNode)
		to, okTo := n.Right.(*ast.IntegerNode)
		if !ok || !okTo || to.Value-from.Value >= maxRange || to.Value-from.Value < 0 {
			p.refuse(n, "a range needs both ends written out, the lower first, and at most %d numbers", maxRange)
		}
	case "??":
	default:
		p.refuse(n, "there is no operator %s", n.Operator)
	}
}

// compilePattern also tells how many instructions a pattern has, each of which may look at each character.
func compilePattern(text string) (compiled *regexp.Regexp, size int, err error) {
	if compiled, err = regexp.Compile(text); err != nil {
		return nil, 0, err
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, 0, err
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, 0, err
	}
	return compiled, len(program.Inst), nil
}

func (p *patcher) unary(node *ast.Node, n *ast.UnaryNode) {
	switch n.Operator {
	case "-":
		*node = call(n, "$subtract", &ast.IntegerNode{}, n.Node)
	case "+":
		*node = call(n, "$add", &ast.IntegerNode{}, n.Node)
	case "not", "!":
		n.Node = call(n.Node, "$truth", n.Node)
	default:
		p.refuse(n, "there is no operator %s", n.Operator)
	}
}

func (p *patcher) member(node *ast.Node, n *ast.MemberNode) {
	name, isName := n.Property.(*ast.StringNode)
	if of, ok := n.Node.(*ast.IdentifierNode); ok && of.Value == "fake" {
		switch {
		case !isName:
			p.refuse(n, "the name of a generator must be written out")
		case !p.language.fake(name.Value):
			p.refuse(n, "there is no generator fake.%s", name.Value)
		default:
			*node = call(n, "$fake", n.Property)
		}
		return
	} else if ok && of.Value == "request" && isName && !slices.Contains(inRequest, name.Value) {
		p.refuse(n, "there is no request.%s, only %s", name.Value, strings.Join(inRequest, ", "))
	}
	if isName {
		if above, ok := n.Node.(*ast.CallNode); ok && called(above) == "$get" {
			p.header(above, n, name)
		}
	}
	get := "$get"
	if n.Optional {
		get = "$find"
	}
	*node = call(n, get, n.Node, n.Property)
}

// chain lets everything behind ?. be null where what stands before it is.
func chain(n ast.Node) {
	for called(n) == "$get" || called(n) == "$find" {
		c := n.(*ast.CallNode)
		c.Callee.(*ast.IdentifierNode).Value = "$find"
		n = c.Arguments[1]
	}
}

// header writes the name of a header in lower case.
func (p *patcher) header(above *ast.CallNode, n *ast.MemberNode, name *ast.StringNode) {
	of, ok := above.Arguments[1].(*ast.IdentifierNode)
	key, okKey := above.Arguments[2].(*ast.StringNode)
	if ok && okKey && of.Value == "request" && key.Value == "header" {
		n.Property = &ast.StringNode{Value: strings.ToLower(name.Value)}
	}
}

func (p *patcher) call(node *ast.Node, n *ast.CallNode) {
	if name := called(n.Callee); name == "$uuid" || name == "$fake" { // uuid() and fake.NAME(…)
		inner := n.Callee.(*ast.CallNode)
		if name == "$uuid" && len(n.Arguments) > 0 {
			p.refuse(n, "uuid takes nothing")
		}
		inner.Arguments = append(inner.Arguments, n.Arguments...)
		*node = inner
		return
	}
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		p.refuse(n, "only functions that have a name can be called")
		return
	}
	f, ok := p.language.functions[id.Value]
	if !ok {
		p.refuse(n, "there is no function %s, only %s", id.Value, strings.Join(p.callable(), ", "))
		return
	}
	if len(n.Arguments) < f.least || len(n.Arguments) > f.most {
		p.refuse(n, "%s takes %s, and not %d", id.Value, amount(f.least, f.most), len(n.Arguments))
		return
	}
	*node = call(n, id.Value, n.Arguments...)
}

func (p *patcher) callable() []string {
	out := slices.Clone(loops)
	for name := range maps.Keys(p.language.functions) {
		if !strings.HasPrefix(name, "$") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func amount(least, most int) string {
	switch {
	case least == most:
		return fmt.Sprintf("%d arguments", least)
	case most == many:
		return fmt.Sprintf("at least %d arguments", least)
	}
	return fmt.Sprintf("%d to %d arguments", least, most)
}

// loop lets a list be looped over, and each turn count.
func (p *patcher) loop(n *ast.BuiltinNode) {
	if !slices.Contains(loops, n.Name) {
		p.refuse(n, "there is no function %s, only %s", n.Name, strings.Join(p.callable(), ", "))
		return
	}
	if len(n.Arguments) == 0 {
		p.refuse(n, "%s needs a list", n.Name)
		return
	}
	n.Arguments[0] = call(n.Arguments[0], "$list", n.Arguments[0])
	if len(n.Arguments) < 2 {
		return
	}
	if closure, ok := n.Arguments[1].(*ast.PredicateNode); ok && n.Name != "map" {
		closure.Node = call(closure.Node, "$truth", closure.Node)
	}
}

// closure counts what one turn of a loop costs, and refuses another loop in it.
func (p *patcher) closure(n *ast.PredicateNode) {
	look := &census{}
	ast.Walk(&n.Node, look)
	if look.closures {
		p.refuse(n, "a closure inside a closure")
	}
	n.Node = call(n.Node, "$turn", n.Node, &ast.IntegerNode{Value: look.nodes})
}

// census counts nodes and looks for closures.
type census struct {
	nodes    int
	closures bool
}

// Visit counts a node.
func (c *census) Visit(node *ast.Node) {
	c.nodes++
	if _, ok := (*node).(*ast.PredicateNode); ok {
		c.closures = true
	}
}
