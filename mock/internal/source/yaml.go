package source

import (
	"bytes"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// yamlBuilder turns the YAML library's nodes into ours. An alias becomes the very node that its anchor did, so a bomb of
// aliases costs nothing until somebody walks it; values counts what such a walk would meet.
type yamlBuilder struct {
	file   *File
	done   map[*yaml.Node]*Node
	open   map[*yaml.Node]bool
	values map[*Node]int
	depth  int
}

func parseYAML(f *File) (*Node, error) {
	if at := bytes.IndexFunc(f.text, isControl); at >= 0 {
		return nil, &Error{Position: f.position(at), Message: fmt.Sprintf("the control character %q cannot stand in YAML", f.text[at])}
	}
	var doc, more yaml.Node
	texts := yaml.NewDecoder(bytes.NewReader(f.text))
	if err := texts.Decode(&doc); err != nil && err != io.EOF {
		return nil, yamlError(f, err)
	}
	if err := texts.Decode(&more); err != io.EOF {
		at := Position{File: f.name, Line: max(more.Line, 1), Col: max(more.Column, 1)}
		f.fault(at, "the file holds more than one YAML document; the first one counts")
	}
	if len(doc.Content) == 0 {
		return nil, &Error{Position: Position{File: f.name, Line: 1, Col: 1}, Message: "the file holds no value"}
	}
	b := &yamlBuilder{file: f, done: map[*yaml.Node]*Node{}, open: map[*yaml.Node]bool{}, values: map[*Node]int{}}
	return b.node(doc.Content[0])
}

// isControl tells of a character that YAML 1.2 (5.1) does not allow.
func isControl(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }

var yamlLine = regexp.MustCompile(`(?:line |:)(\d+)(?:[:,] ?(?:column )?(\d+))?: ?`)

// yamlError finds the line in what the library says; it has no field for it.
func yamlError(f *File, err error) error {
	out := &Error{Position: Position{File: f.name, Line: 1, Col: 1}, Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := yamlLine.FindStringSubmatchIndex(out.Message); m != nil {
		out.Position.Line, _ = strconv.Atoi(out.Message[m[2]:m[3]])
		if m[4] >= 0 {
			out.Position.Col, _ = strconv.Atoi(out.Message[m[4]:m[5]])
		}
		out.Message = out.Message[m[1]:]
	}
	lines := bytes.Split(f.text, []byte("\n"))
	if at := out.Position.Line - 1; at < len(lines) && bytes.HasPrefix(bytes.TrimLeft(lines[at], " "), []byte("\t")) {
		out.Message += " (a tab cannot indent YAML)"
	}
	return out
}

func (b *yamlBuilder) errorf(y *yaml.Node, tooComplex bool, format string, args ...any) error {
	return &Error{Position: b.position(y), Message: fmt.Sprintf(format, args...), TooComplex: tooComplex}
}

func (b *yamlBuilder) position(y *yaml.Node) Position {
	return Position{File: b.file.name, Line: y.Line, Col: y.Column}
}

func (b *yamlBuilder) node(y *yaml.Node) (*Node, error) {
	if y.Kind == yaml.AliasNode {
		if b.open[y.Alias] {
			return nil, b.errorf(y, false, "the alias *%s stands inside the value that it repeats", y.Value)
		}
		return b.node(y.Alias)
	}
	if n, ok := b.done[y]; ok {
		return n, nil
	}
	if b.depth++; b.depth > b.file.limit.Depth {
		return nil, b.errorf(y, true, "nested deeper than %d levels", b.file.limit.Depth)
	}
	b.open[y] = true
	n := &Node{file: b.file, line: int32(y.Line), col: int32(y.Column)}
	err := b.fill(n, y)
	delete(b.open, y)
	b.depth--
	if err != nil {
		return nil, err
	}
	b.done[y] = n
	return n, b.count(n, y)
}

func (b *yamlBuilder) fill(n *Node, y *yaml.Node) error {
	switch y.Kind {
	case yaml.SequenceNode:
		n.kind = Array
		for _, c := range y.Content {
			item, err := b.node(c)
			if err != nil {
				return err
			}
			n.items = append(n.items, item)
		}
		return nil
	case yaml.MappingNode:
		n.kind = Object
		return b.mapping(n, y)
	case yaml.ScalarNode:
		return b.scalar(n, y)
	}
	return b.errorf(y, false, "a YAML value of an unknown kind")
}

// mostRepeated is how many values aliases may stand for in any text; a larger one may repeat each of its values ten times.
const mostRepeated = 100_000

// count adds up what a walk below n would meet.
func (b *yamlBuilder) count(n *Node, y *yaml.Node) error {
	total := 1
	for _, item := range n.items {
		total += b.values[item]
	}
	for _, m := range n.members {
		total += b.values[m.Value]
	}
	if most := min(b.file.limit.Values, mostRepeated+10*len(b.done)); total > most {
		return b.errorf(y, true, "more than %d values, aliases counted each time they are used", most)
	}
	b.values[n] = total
	return nil
}

func (b *yamlBuilder) mapping(n *Node, y *yaml.Node) error {
	var merged []*Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		v, err := b.node(value)
		if err != nil {
			return err
		}
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			b.file.fault(b.position(key), "a name must be a scalar; this member is left out")
		case key.Tag == "!!merge" && key.Value == "<<":
			if !v.Is(Object) && !v.Is(Array) {
				b.file.fault(b.position(key), "the merge key << takes an object or a list of them, not %s; it is left out", v.Kind())
			}
			merged = append(merged, v)
		default:
			n.members = append(n.members, Member{Name: key.Value, Value: v, file: b.file, line: int32(key.Line), col: int32(key.Column)})
		}
	}
	n.seal()
	for _, m := range merged {
		n.merge(m)
	}
	return nil
}

// merge adds the members of from, or of each of its elements, that n lacks (the YAML merge key).
func (n *Node) merge(from *Node) {
	for _, item := range from.items {
		n.merge(item)
	}
	for _, m := range from.members {
		if _, ok := n.Member(m.Name); ok {
			continue
		}
		if n.index != nil {
			n.index[m.Name] = len(n.members)
		}
		n.members = append(n.members, m)
	}
}

// scalar resolves a plain scalar by the core schema of YAML 1.2 (10.3.2), so that dates, yes, 1_000 and 012 are what an
// OpenAPI author means by them.
func (b *yamlBuilder) scalar(n *Node, y *yaml.Node) error {
	n.kind, n.text = String, y.Value
	plain := y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	tagged := y.Style&yaml.TaggedStyle != 0
	if tagged && y.Tag == "!!str" || !plain && !tagged {
		return nil
	}
	switch s := y.Value; {
	case s == "" || s == "~" || s == "null" || s == "Null" || s == "NULL":
		n.kind, n.text = Null, ""
	case s == "true" || s == "True" || s == "TRUE":
		n.kind, n.text = Bool, "true"
	case s == "false" || s == "False" || s == "FALSE":
		n.kind, n.text = Bool, "false"
	default:
		literal, ok := yamlNumber(s)
		if !ok {
			return nil
		}
		if why := b.file.limit.checkNumber(literal); why != "" {
			b.file.fault(b.position(y), "%s; it is read as a string", why)
			return nil
		}
		n.kind, n.text = Number, literal
	}
	return nil
}

// yamlNumber gives the JSON literal of a YAML 1.2 number. Infinities and NaN have none and stay strings.
func yamlNumber(s string) (string, bool) {
	sign, digits := "", s
	switch {
	case strings.HasPrefix(s, "-"):
		sign, digits = "-", s[1:]
	case strings.HasPrefix(s, "+"):
		digits = s[1:]
	}
	if digits == "" || (digits[0] < '0' || digits[0] > '9') && digits[0] != '.' {
		return "", false
	}
	if len(digits) > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'o') && s == digits {
		return basedNumber(digits)
	}
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, ".eE"); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	if strings.HasPrefix(rest, ".") && (whole != "" || len(rest) > 1) {
		exponent := strings.IndexAny(rest, "eE")
		if exponent == 1 || len(rest) == 1 {
			rest = ".0" + rest[1:]
		}
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	literal := sign + whole + rest
	if numberEnd([]byte(literal)) != len(literal) {
		return "", false
	}
	return literal, true
}

func basedNumber(digits string) (string, bool) {
	base := 16
	if digits[1] == 'o' {
		base = 8
	}
	if len(digits) > 1000 || strings.ContainsAny(digits[2:], "+-_") {
		return "", false
	}
	n, ok := new(big.Int).SetString(digits[2:], base)
	if !ok {
		return "", false
	}
	return n.String(), true
}
