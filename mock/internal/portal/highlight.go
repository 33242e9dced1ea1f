package portal

import (
	"embed"
	"html/template"
	"strings"

	"github.com/alecthomas/chroma/v2"
)

//go:embed lexers/json.xml lexers/bash.xml
var lexers embed.FS

// highlighter colours code by classes: the policy allows no styles. Only the two lexers of lexers/ are there; they are those of
// chroma (MIT, see lexers/COPYING), whose packages bring all of theirs.
type highlighter struct {
	json, shell chroma.Lexer
}

func newHighlighter() (*highlighter, error) {
	json, err := chroma.NewXMLLexer(lexers, "lexers/json.xml")
	if err != nil {
		return nil, err
	}
	shell, err := chroma.NewXMLLexer(lexers, "lexers/bash.xml")
	if err != nil {
		return nil, err
	}
	return &highlighter{json: chroma.Coalesce(json), shell: chroma.Coalesce(shell)}, nil
}

// mostColoured bounds the code that is coloured, in bytes; longer code is shown plain.
const mostColoured = 12 << 10

// colour marks up code: kind is "json", "shell" or anything else, which stays plain.
func (h *highlighter) colour(code, kind string) template.HTML {
	lexer := map[string]chroma.Lexer{"json": h.json, "shell": h.shell}[kind]
	if lexer == nil || len(code) > mostColoured {
		return template.HTML(template.HTMLEscapeString(code))
	}
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		return template.HTML(template.HTMLEscapeString(code))
	}
	var b strings.Builder
	for t := tokens(); t != chroma.EOF; t = tokens() {
		text := template.HTMLEscapeString(t.Value)
		if class := classOf(t.Type); class != "" {
			b.WriteString(`<i class=` + class + `>` + text + `</i>`)
		} else {
			b.WriteString(text)
		}
	}
	return template.HTML(b.String())
}

// classOf is the class of a kind of token, "" for what has the colour of all text.
func classOf(t chroma.TokenType) string {
	switch {
	case t == chroma.NameTag:
		return "k"
	case t.InSubCategory(chroma.LiteralString):
		return "s"
	case t.InSubCategory(chroma.LiteralNumber):
		return "n"
	case t.InCategory(chroma.Keyword), t == chroma.NameBuiltin:
		return "w"
	case t.InCategory(chroma.Comment):
		return "c"
	}
	return ""
}
