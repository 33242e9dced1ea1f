package diff

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// WriteText writes a report for a terminal: a line for each row, the operations below, the tally at the end.
func (r *Report) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Place != "" {
			fmt.Fprintf(b, "%s: ", row.Place)
		}
		fmt.Fprintf(b, "%s: %s (%s)\n", row.Level, row.Text, row.Rule)
		writeTouches(b, row, "    %s\n")
		if row.Comment != "" && row.Level != Info {
			fmt.Fprintf(b, "    note: %s\n", row.Comment)
		}
	}
	fmt.Fprintf(b, "%s to %s: %s\n", r.Old, r.New, r.Tally())
	return b.Flush()
}

// WriteJSON writes a report as one JSON object: old, new, their versions and changes, as of [Row].
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	out := *r
	if out.Rows == nil {
		out.Rows = []Row{}
	}
	return enc.Encode(out)
}

// WriteMarkdown writes a report as CommonMark: a heading for each level, an item for each row.
func (r *Report) WriteMarkdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# Changes from %s to %s\n\n%s.\n", markdown(r.Old), markdown(r.New), upper(r.Tally()))
	for _, level := range []Level{Breaking, Warning, Info} {
		if r.Count(level) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n## %s\n\n", upper(level.String()))
		for i := range r.Rows {
			if row := &r.Rows[i]; row.Level == level {
				writeItem(b, row)
			}
		}
	}
	return b.Flush()
}

func writeItem(w io.Writer, row *Row) {
	fmt.Fprintf(w, "- %s", markdown(upper(row.Text)))
	if row.Place != "" {
		fmt.Fprintf(w, " (%s)", markdown(row.Place))
	}
	fmt.Fprintln(w)
	writeTouches(w, row, "  - %s\n")
	if row.Comment != "" && row.Level != Info {
		fmt.Fprintf(w, "  - *%s*\n", markdown(row.Comment))
	}
}

// mostTouches bounds the operations listed for one row; JSON has them all.
const mostTouches = 20

func writeTouches(w io.Writer, row *Row, format string) {
	for i, t := range row.Touches {
		if i == mostTouches {
			fmt.Fprintf(w, format, fmt.Sprintf("and %d more operations", len(row.Touches)-i))
			return
		}
		fmt.Fprintf(w, format, t.Label())
	}
}

// Tally tells in words how many changes of each level there are.
func (r *Report) Tally() string {
	if len(r.Rows) == 0 {
		return "no changes"
	}
	var parts []string
	for _, level := range []Level{Breaking, Warning, Info} {
		n := r.Count(level)
		switch {
		case n == 0:
		case level == Warning && n > 1:
			parts = append(parts, fmt.Sprintf("%d warnings", n))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, level))
		}
	}
	return strings.Join(parts, ", ")
}

// upper begins a sentence, unless it begins with code.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// markdown escapes what would be markup outside of code. A text has code between backticks, in pairs.
func markdown(s string) string {
	parts := strings.Split(s, "`")
	escape := strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "]", `\]`, "&", `\&`, "#", `\#`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = escape.Replace(parts[i])
	}
	if len(parts)%2 == 0 {
		return escape.Replace(strings.ReplaceAll(s, "`", "'"))
	}
	return strings.Join(parts, "`")
}
