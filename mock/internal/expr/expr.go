// Package expr compiles the small programs of fixtures: what stands between {{ and }}, and conditions.
//
// The grammar is that of expr-lang (https://expr-lang.org/docs/language-definition), cut down until a program can neither run long, nor
// grow, nor see more of the world than it is given.
//
// # Values
//
// Values are those of JSON: map[string]any, []any, string, bool, nil and json.Number. Numbers are exact: 0.1 + 0.2 is 0.3. A quotient
// that has no end is rounded to 34 places. 42 == "42" is false; number("42") == 42 is true. null < 1 is an error, and so is 1 + "1": the
// text of a value is string(v).
//
// # Names
//
//	request.method, .url, .body      the body as decoded, null if there is none
//	request.path, .query, .header, .cookie   objects; the names of headers are in lower case
//	state                            what the caller keeps
//	now                              the time of the sandbox, a text as in RFC 3339, in UTC
//	uuid                             a new UUID each time
//	fake.NAME, fake.NAME(1, 9)       a value made up
//
// and those that the caller adds. A property that an object lacks is null, and so is an element beyond the end of a list; a property of null is
// an error, which ?. avoids.
//
// # Operators
//
// + - * / % **, == != < <= > >=, and or not (&& || !), in, contains, startsWith, endsWith, matches (a pattern of RE2, written out in the
// program), ?: and ??, a[1], a[1:3], {key: value}, [values], 1..10 (both ends written out, at most 1,000 apart), let x = 1; x + 1, and
// a | f(b) for f(a, b).
//
// # Functions
//
//	all none any one count filter map find findIndex findLast findLastIndex   (list, {condition on #}); not inside each other
//	len first last reverse sort sum min max keys values get
//	abs floor ceil round int number string type
//	upper lower trim split join replace indexOf
//	toJSON fromJSON toBase64 fromBase64
//	addTime(now, "36h"), date(now) (2006-01-02), unix(now) (whole seconds), fromUnix(n)
//
// # Bounds
//
// A program has at most 4,096 bytes and 200 nodes. One run takes at most a million steps, where reading 64 bytes of a text counts as
// one, and a pattern counts its size for every 16; a text that it makes has at most a mebibyte, a number a thousand digits.
package expr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// The bounds of a program; see the package's comment.
const (
	maxSource = 4096
	maxNodes  = 200
	maxSteps  = 1_000_000
	maxText   = 1 << 20
	maxDigits = 1000
	maxRange  = 1000
	maxDepth  = 200
	// maxMemory is how many elements of lists and objects a run may make (expr-lang's memory budget).
	maxMemory = 1_000_000
)

// Options of a language.
type Options struct {
	// Fake tells whether there is a generator of a name, as in fake.NAME. nil: there are none.
	Fake func(name string) bool
	// Names are further names that programs may use; a [Scope] gives their values in More, or later by [Scope.Set].
	Names []string
	// Functions are further functions by name; a [Scope] does their work in Functions.
	Functions map[string]Arity
}

// Arity is the least and the most arguments that a function takes.
type Arity struct{ Least, Most int }

// Language compiles programs. It is safe for concurrent use, and so is all that it compiles.
type Language struct {
	fake      func(string) bool
	functions map[string]function
	options   []expr.Option
}

// New makes a language.
func New(o Options) *Language {
	l := &Language{fake: o.Fake, functions: functions(), options: []expr.Option{
		expr.Env(environment(o.Names)), expr.MaxNodes(maxNodes), expr.Optimize(false), expr.DisableAllBuiltins(),
	}}
	if l.fake == nil {
		l.fake = func(string) bool { return false }
	}
	for name, a := range o.Functions {
		l.functions[name] = function{a.Least, a.Most, given(name)}
	}
	for name, f := range l.functions {
		l.options = append(l.options, expr.Function(name, f.call))
	}
	return l
}

// Error tells what is wrong with a program, or what went wrong in a run.
type Error struct {
	// Place is where the program stands, as given to the compiler: a file and line, perhaps a pointer.
	Place string
	// Source is the program, and Column the character in it, from 1 (0 if it is the whole).
	Source string
	Column int
	// Cause is what is wrong.
	Cause error
}

func (e *Error) Error() string {
	at := ""
	if e.Column > 0 {
		at = fmt.Sprintf(", at character %d", e.Column)
	}
	return fmt.Sprintf("%s: %s%s: %v", e.Place, excerpt(e.Source), at, e.Cause)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// excerpt is the beginning of a program on one line.
func excerpt(source string) string {
	text := []rune(strings.Join(strings.Fields(source), " "))
	if len(text) > 80 {
		text = append(text[:79], '…')
	}
	return "{{ " + string(text) + " }}"
}

// Value is a program that gives a value.
type Value struct {
	place, source string
	program       *vm.Program
}

// Predicate is a program that gives true or false.
type Predicate struct{ value *Value }

// Value compiles a program. place is where it stands, such as "fixtures/orders.yaml:12"; errors begin with it and are an [*Error].
func (l *Language) Value(place, source string) (*Value, error) {
	fail := func(column int, cause error) (*Value, error) { return nil, &Error{place, source, column, cause} }
	if len(source) > maxSource {
		return fail(0, fmt.Errorf("longer than %d bytes", maxSource))
	}
	if strings.TrimSpace(source) == "" {
		return fail(0, errors.New("there is no expression"))
	}
	p := &patcher{language: l}
	program, err := compile(source, append(l.options[:len(l.options):len(l.options)], expr.Patch(p)))
	if p.err != nil {
		return fail(column(source, p.at), p.err)
	}
	if err != nil {
		at, cause := plain(err)
		return fail(at, cause)
	}
	return &Value{place, source, program}, nil
}

// compile turns a panic of the compiler into an error: a program is input.
func compile(source string, options []expr.Option) (program *vm.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it cannot be understood: %v", r)
		}
	}()
	return expr.Compile(source, options...)
}

// Predicate compiles a condition; see [Language.Value].
func (l *Language) Predicate(place, source string) (*Predicate, error) {
	v, err := l.Value(place, source)
	if err != nil {
		return nil, err
	}
	return &Predicate{v}, nil
}

// Run runs the program. The value is new. An error is an [*Error].
func (v *Value) Run(s *Scope) (any, error) {
	s.prepare()
	machine := vm.VM{MemoryBudget: maxMemory}
	out, err := machine.Run(v.program, s.environment)
	if err == nil {
		out, err = s.run.plain(out, 0)
	}
	if err != nil {
		at, cause := plain(err)
		return nil, &Error{v.place, v.source, at, cause}
	}
	return out, nil
}

// Holds runs the condition. A value that is neither true nor false is an error; see [Value.Run].
func (p *Predicate) Holds(s *Scope) (bool, error) {
	out, err := p.value.Run(s)
	if err != nil {
		return false, err
	}
	holds, ok := out.(bool)
	if !ok {
		return false, &Error{p.value.place, p.value.source, 0, fmt.Errorf("a condition is true or false, and this is %s", kind(out))}
	}
	return holds, nil
}

// goWords is what expr-lang says of Go's types; the reader of a fixture knows JSON's.
var goWords = regexp.MustCompile(`^interface conversion: interface \{\} is (\S+), not (\S+)$`)

// jsonWords are the names of Go's types for such a reader.
func jsonWords(name string) string {
	switch strings.TrimSuffix(name, "{}") {
	case "string":
		return "a text"
	case "bool":
		return "a boolean"
	case "json.Number", "int", "float64":
		return "a number"
	case "[]interface", "[]int":
		return "a list"
	case "map[string]interface":
		return "an object"
	}
	return "something else"
}

// plain takes an error of expr-lang apart: one line, without the drawing.
func plain(err error) (column int, cause error) {
	var located *file.Error
	if !errors.As(err, &located) {
		return 0, err
	}
	if located.Prev != nil {
		cause = located.Prev
	} else {
		cause = errors.New(located.Message)
	}
	if found := goWords.FindStringSubmatch(cause.Error()); found != nil {
		cause = fmt.Errorf("%s is needed, and this is %s", jsonWords(found[2]), jsonWords(found[1]))
	}
	return located.Column + 1, cause
}

// column is the place of a character in its line, from 1.
func column(source string, at int) int {
	before := []rune(source)
	before = before[:min(at, len(before))]
	for i := len(before) - 1; i >= 0; i-- {
		if before[i] == '\n' {
			return len(before) - i
		}
	}
	return len(before) + 1
}
