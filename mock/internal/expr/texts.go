package expr

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// textual is a function whose arguments are texts.
func textual(f func(r *run, t []string) (any, error)) func(*run, []any) (any, error) {
	return func(r *run, args []any) (any, error) {
		texts := make([]string, len(args))
		for i, v := range args {
			t, ok := v.(string)
			if !ok {
				return nil, fmt.Errorf("a text is needed, and this is %s", kind(v))
			}
			texts[i] = t
		}
		if err := r.read(texts...); err != nil {
			return nil, err
		}
		return f(r, texts)
	}
}

func contains(_ *run, t []string) (any, error)   { return strings.Contains(t[0], t[1]), nil }
func startsWith(_ *run, t []string) (any, error) { return strings.HasPrefix(t[0], t[1]), nil }
func endsWith(_ *run, t []string) (any, error)   { return strings.HasSuffix(t[0], t[1]), nil }

// matches applies a pattern that was compiled with the program. RE2 takes time in proportion to the sizes of pattern and text.
func matches(r *run, args []any) (any, error) {
	pattern, ok := args[1].(*regexp.Regexp)
	size, _ := args[2].(int)
	text, okText := args[0].(string)
	if !ok || !okText {
		return nil, fmt.Errorf("a text is needed, and this is %s", kind(args[0]))
	}
	if err := r.spend(1 + len(text)*size/16); err != nil {
		return nil, err
	}
	return pattern.MatchString(text), nil
}

// addNumbers adds the functions of numbers.
func addNumbers(to map[string]function) {
	for name, how := range map[string]byte{"floor": 'f', "ceil": 'c', "round": 'r', "int": 't'} {
		to[name] = function{1, 1, func(_ *run, a []any) (any, error) {
			return ofNumber(a[0], func(n number) (any, error) { return rounded(how, n) })
		}}
	}
	to["abs"] = function{1, 1, func(r *run, a []any) (any, error) {
		return ofNumber(a[0], func(n number) (any, error) {
			if n.fraction().Sign() < 0 {
				return compute('-', number{}, n)
			}
			return n.value()
		})
	}}
	to["number"] = function{1, 1, func(_ *run, a []any) (any, error) {
		if text, ok := a[0].(string); ok {
			a = []any{json.Number(strings.TrimSpace(text))}
		}
		return ofNumber(a[0], number.value)
	}}
	to["type"] = function{1, 1, func(_ *run, a []any) (any, error) { return jsonType(a[0]), nil }}
	to["unix"] = function{1, 1, ofTime(func(t time.Time) (any, error) { return integer(t.Unix()), nil })}
	to["date"] = function{1, 1, ofTime(func(t time.Time) (any, error) { return t.Format(time.DateOnly), nil })}
	to["fromUnix"] = function{1, 1, func(_ *run, a []any) (any, error) {
		return ofNumber(a[0], func(n number) (any, error) {
			if n.rat != nil {
				return nil, errors.New("a time is a whole number of seconds")
			}
			return written(time.Unix(n.whole, 0))
		})
	}}
	to["addTime"] = function{2, 2, textual(func(_ *run, t []string) (any, error) {
		d, err := time.ParseDuration(t[1])
		if err != nil {
			return nil, fmt.Errorf("%q is no duration, such as 90s or 36h", short(t[1]))
		}
		return ofTime(func(at time.Time) (any, error) { return written(at.Add(d)) })(nil, []any{t[0]})
	})}
}

func ofNumber(v any, f func(number) (any, error)) (any, error) {
	n, ok, err := numeric(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("a number is needed, and this is %s", kind(v))
	}
	return f(n)
}

func ofTime(f func(time.Time) (any, error)) func(*run, []any) (any, error) {
	return func(_ *run, args []any) (any, error) {
		text, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("a time is a text, and this is %s", kind(args[0]))
		}
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, fmt.Errorf("%q is no time as in RFC 3339", short(text))
		}
		return f(t.UTC())
	}
}

// written is a time as RFC 3339 writes it, which has four digits for the year.
func written(t time.Time) (any, error) {
	if t = t.UTC(); t.Year() < 0 || t.Year() > 9999 {
		return nil, errors.New("the year has more than four digits")
	}
	return t.Format(time.RFC3339Nano), nil
}

// jsonType is what JSON calls a value.
func jsonType(v any) string {
	return map[string]string{
		"null": "null", "a boolean": "boolean", "a text": "string", "a number": "number", "a list": "array", "an object": "object",
	}[kind(v)]
}

// addTexts adds the functions of texts.
func addTexts(to map[string]function) {
	to["upper"] = function{1, 1, textual(func(r *run, t []string) (any, error) { return r.made(strings.ToUpper(t[0])) })}
	to["lower"] = function{1, 1, textual(func(r *run, t []string) (any, error) { return r.made(strings.ToLower(t[0])) })}
	to["trim"] = function{1, 2, textual(func(r *run, t []string) (any, error) {
		if len(t) == 2 {
			return strings.Trim(t[0], t[1]), r.spend(len(t[0]))
		}
		return strings.TrimSpace(t[0]), nil
	})}
	to["split"] = function{2, 2, textual(func(r *run, t []string) (any, error) {
		if err := r.spend(strings.Count(t[0], t[1]) + 1); err != nil {
			return nil, err
		}
		return plainList(r, strings.Split(t[0], t[1]), 0)
	})}
	to["replace"] = function{3, 3, textual(replace)}
	to["indexOf"] = function{2, 2, textual(func(_ *run, t []string) (any, error) {
		at := strings.Index(t[0], t[1])
		if at < 0 {
			return at, nil
		}
		return utf8.RuneCountInString(t[0][:at]), nil
	})}
	to["join"] = function{1, 2, join}
	to["string"] = function{1, 1, func(r *run, a []any) (any, error) { return r.text(a[0]) }}
	to["toJSON"] = function{1, 1, func(r *run, a []any) (any, error) { return r.json(a[0]) }}
	to["fromJSON"] = function{1, 1, textual(fromJSON)}
	to["toBase64"] = function{1, 1, textual(func(r *run, t []string) (any, error) {
		return r.made(base64.StdEncoding.EncodeToString([]byte(t[0])))
	})}
	to["fromBase64"] = function{1, 1, textual(func(r *run, t []string) (any, error) {
		out, err := base64.StdEncoding.DecodeString(t[0])
		if err != nil || !utf8.Valid(out) {
			return nil, errors.New("it is no text in base64")
		}
		return r.made(string(out))
	})}
}

func replace(r *run, t []string) (any, error) {
	n := strings.Count(t[0], t[1])
	if size := len(t[0]) + n*(len(t[2])-len(t[1])); size > maxText {
		return nil, fmt.Errorf("a text would be longer than %d bytes", maxText)
	}
	if err := r.spend(n); err != nil {
		return nil, err
	}
	return r.made(strings.ReplaceAll(t[0], t[1], t[2]))
}

func join(r *run, args []any) (any, error) {
	all, err := elements(args[0])
	if err != nil {
		return nil, err
	}
	between := ""
	if len(args) == 2 {
		if between, _ = args[1].(string); between == "" && args[1] != "" {
			return nil, fmt.Errorf("a text is needed, and this is %s", kind(args[1]))
		}
	}
	var out strings.Builder
	for i, one := range all {
		text, err := r.text(one)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteString(between)
		}
		out.WriteString(text)
		if err := r.read(between); err != nil {
			return nil, err
		}
		if out.Len() > maxText {
			return nil, fmt.Errorf("a text would be longer than %d bytes", maxText)
		}
	}
	return out.String(), nil
}

// text is a value inside a text: null is nothing, lists and objects are JSON.
func (r *run) text(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", r.spend(1)
	case string:
		return v, r.read(v)
	}
	return r.json(v)
}

// json is a value as compact JSON, properties in the order of their names.
func (r *run) json(v any) (string, error) {
	v, err := r.plain(v, 0)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	text := strings.TrimSuffix(out.String(), "\n")
	_, err = r.made(text)
	return text, err
}

func fromJSON(r *run, t []string) (any, error) {
	if err := r.spend(len(t[0])); err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(t[0]))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil {
		return nil, errors.New("the text is no JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON")
	}
	return r.plain(out, 0)
}
