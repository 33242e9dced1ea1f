package source

import (
	"bytes"
	"path"
	"unicode/utf8"
)

var bom = []byte("\xef\xbb\xbf")

// Parse reads a whole JSON or YAML text. Faults that leave the rest readable are in Node.File().Faults(); an error is an
// *[Error]. A text that begins with { or [ is tried as JSON first; a name that ends in .json is JSON only.
func Parse(name string, text []byte, limits Limits) (*Node, error) {
	return read(name, text, limits, false)
}

// Index reads like [Parse], but leaves the larger containers of a JSON text below the third level unparsed until they are
// touched. A syntax error inside one is a fault of the file then, and the container reads as empty.
func Index(name string, text []byte, limits Limits) (*Node, error) {
	return read(name, text, limits, true)
}

func read(name string, text []byte, limits Limits, lazy bool) (*Node, error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, &Error{Position: Position{File: name, Line: 1, Col: 1}, Message: "the text is UTF-16; save it as UTF-8"}
	}
	text = bytes.TrimPrefix(text, bom)
	f := &File{name: name, text: text, limit: limits.orDefault()}
	if !utf8.Valid(text) {
		return nil, &Error{Position: f.position(invalidUTF8(text)), Message: "the text is not valid UTF-8"}
	}
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) == 0 {
		return nil, &Error{Position: Position{File: name, Line: 1, Col: 1}, Message: "the file is empty"}
	}
	isJSON := path.Ext(name) == ".json"
	if !isJSON && trimmed[0] != '{' && trimmed[0] != '[' {
		return parseYAML(f)
	}
	n, err := parseJSON(f, lazy)
	if err == nil || isJSON {
		return n, err
	}
	if m, yamlErr := parseYAML(&File{name: name, text: text, limit: f.limit}); yamlErr == nil {
		return m, nil
	}
	return nil, err
}

func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}
