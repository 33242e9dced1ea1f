package portal

import "strings"

// twinFuncs are what the templates of Markdown twins need beside those of pages.
func twinFuncs() map[string]any {
	return map[string]any{"md": escapeMarkdown, "code": codeSpan, "fence": fence, "line": oneRow, "prose": prose, "indent": func(n int) string { return strings.Repeat("  ", n) }}
}

// markdownSigns are what Markdown would read as more than text.
var markdownSigns = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "\n", " ", "\r", " ")

// escapeMarkdown writes a text as Markdown that reads as that text, on one line.
func escapeMarkdown(s string) string { return markdownSigns.Replace(s) }

// codeSpan writes a text as code within a line (CommonMark 0.31, 6.1).
func codeSpan(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	ticks := strings.Repeat("`", longestRun(s)+1)
	if s == "" || strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		return ticks + " " + s + " " + ticks
	}
	return ticks + s + ticks
}

// fence writes a block of code.
func fence(kind, s string) string {
	ticks := strings.Repeat("`", max(3, longestRun(s)+1))
	return ticks + kind + "\n" + strings.TrimRight(s, "\n") + "\n" + ticks
}

// longestRun is the length of the longest run of backticks.
func longestRun(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

// oneRow writes a text of the document on one line, its own markup kept.
func oneRow(s string) string { return strings.Join(strings.Fields(s), " ") }

// prose writes the text of an item of a list: behind it if it is one paragraph, else below it, indented.
func prose(text string, depth int) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if !strings.Contains(text, "\n\n") {
		return " — " + oneRow(text)
	}
	indent := strings.Repeat("  ", depth+1)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if lines[i] = strings.TrimRight(line, " \t\r"); lines[i] != "" {
			lines[i] = indent + lines[i]
		}
	}
	return "\n\n" + strings.Join(lines, "\n") + "\n"
}
