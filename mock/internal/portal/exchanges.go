package portal

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/contract"
	"standin/mock/internal/journal"
)

// exchangeList is the model of the list of exchanges.
type exchangeList struct {
	*view
	Absent   bool // no journal is kept
	Away     bool // it cannot be reached
	Rows     []ExchangeRow
	Filtered bool
	Action   string
	Refresh  string
	Options  []Option // operations that have exchanges
	Status   string
	Validity []Option
	// Sandboxes are those whose exchanges the reader may see.
	Sandboxes []Option
}

// ExchangeRow is an exchange in a list.
type ExchangeRow struct {
	ID, URL, Time, Method, Target string
	Status, Class, Source         string
	Operation                     *Link
	Violations                    int
	Verdict                       string
}

// mostExchanges bounds the list.
const mostExchanges = 200

// journalPage finds the list of exchanges, or one.
func (p *Portal) journalPage(id string) maker {
	if id == "" {
		return exchangesPage
	}
	return func(v *view) *content { return v.exchangePage(id) }
}

// journal is what the reader may see; nil if no journal is kept.
func (v *view) journal() Journal {
	if v.site.site.Journal == nil {
		return nil
	}
	return v.site.site.Journal(v.reader())
}

func exchangesPage(v *view) *content {
	v.Title, v.Section = v.T("journal"), "journal"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("journal"), v.url("/journal")}}
	m := &exchangeList{view: v, Action: v.site.root + "/journal", Refresh: v.url("/journal")}
	page := &content{template: "journal", model: m, live: true}
	j := v.journal()
	if j == nil {
		m.Absent = true
		return page
	}
	m.Sandboxes = v.sandboxes(j.Sandbox())
	all, err := j.List(m.filter())
	if err != nil {
		m.Away, page.status = true, http.StatusServiceUnavailable
	}
	for _, x := range all {
		m.Rows = append(m.Rows, v.exchangeRow(x))
	}
	return page
}

// filter reads what the list shall be narrowed to.
func (m *exchangeList) filter() journal.Filter {
	q := m.query
	f := journal.Filter{Operation: q.Get("operation"), Limit: mostExchanges}
	m.Status = q.Get("status")
	if class, ok := strings.CutSuffix(strings.ToLower(m.Status), "xx"); ok {
		n, _ := strconv.Atoi(class)
		f.Status, f.Class = n*100, n > 0
	} else if n, err := strconv.Atoi(m.Status); err == nil {
		f.Status = n
	} else {
		m.Status = ""
	}
	valid := q.Get("contract")
	f.Broken, f.Kept = valid == "broken", valid == "kept"
	m.Filtered = f.Operation != "" || f.Status != 0 || f.Broken || f.Kept
	for _, o := range [][2]string{{"", "contract.any"}, {"kept", "contract.kept"}, {"broken", "contract.breaks"}} {
		m.Validity = append(m.Validity, Option{o[0], m.T(o[1]), o[0] == valid})
	}
	m.Options = append(m.Options, Option{"", m.T("contract.any"), f.Operation == ""})
	for _, e := range m.outline().entries {
		m.Options = append(m.Options, Option{e.op.ID, e.id, e.op.ID == f.Operation})
	}
	return f
}

func (v *view) exchangeRow(x *journal.Exchange) ExchangeRow {
	r := ExchangeRow{
		ID: x.ID, URL: v.url("/journal/" + escapeSegment(x.ID)), Time: x.At.UTC().Format(time.DateTime), Method: x.Method, Target: x.URL,
		Status: strconv.Itoa(x.Status), Class: statusClass(strconv.Itoa(x.Status)), Source: x.Source, Violations: len(x.Request) + len(x.Response),
	}
	if e := v.outline().byID[x.Operation]; e != nil {
		r.Operation = &Link{e.id, v.operationURL(e)}
	}
	switch {
	case !x.Answered:
		r.Status, r.Class, r.Verdict = "", "d", v.T("journal.pending")
	case r.Violations > 0:
		r.Verdict = v.T("contract.broken", r.Violations)
	default:
		r.Verdict = v.T("contract.kept")
	}
	return r
}

// exchange is the model of the page of one exchange.
type exchangeModel struct {
	*view
	Row                                 ExchangeRow
	Refused                             string
	Repaired                            []string
	Took                                string
	Curl, Fixture                       template.HTML
	RequestHeader, ResponseHeader       []Related
	RequestBody, ResponseBody           BodyShown
	RequestViolations, AnswerViolations []Violation
}

// BodyShown is a body as the journal has it.
type BodyShown struct {
	Code template.HTML
	Note string
}

// Violation is one broken promise with the way to the rule.
type Violation struct {
	Where, Message, Rule, URL string

	hidden bool // a missing header, which a browser may only not have shown
}

func (v *view) exchangePage(id string) *content {
	v.Section = "journal"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("journal"), v.url("/journal")}}
	var x *journal.Exchange
	var err error
	j := v.journal()
	if j != nil {
		x, _, err = j.Get(id)
	}
	if x == nil {
		v.Title = v.T("journal")
		status, why := http.StatusNotFound, v.T("journal.gone", oneLine(id, 80))
		if err != nil {
			status, why = http.StatusServiceUnavailable, v.T("journal.away")
		}
		return &content{template: "exchangegone", status: status, live: true, model: struct {
			*view
			Why string
		}{v, why}}
	}
	v.Title = v.T("journal.exchange", x.ID)
	m := &exchangeModel{view: v, Row: v.exchangeRow(x), Refused: x.Refused, Repaired: x.Repaired}
	if x.Answered {
		m.Took = x.Took.Round(10 * time.Microsecond).String()
	}
	m.RequestHeader, m.ResponseHeader = headerLines(x.RequestHeader), headerLines(x.ResponseHeader)
	m.RequestBody, m.ResponseBody = v.bodyShown(x.RequestBody, x.RequestHeader), v.bodyShown(x.ResponseBody, x.ResponseHeader)
	m.RequestViolations, m.AnswerViolations = v.violations(x.Operation, "", x.Request), v.violations(x.Operation, strconv.Itoa(x.Status), x.Response)
	if text, err := j.Fixture(x); err == nil && len(text) > 0 {
		m.Fixture = v.site.colours.colour(string(text), "yaml")
	}
	m.Curl = v.site.colours.colour(v.exchangeCurl(x), "shell")
	return &content{template: "exchange", model: m, live: true}
}

// headerLines are the fields of a header by name.
func headerLines(h http.Header) []Related {
	var out []Related
	for name, values := range h {
		for _, value := range values {
			out = append(out, Related{Link{Text: name}, value})
		}
	}
	slices.SortFunc(out, func(a, b Related) int { return strings.Compare(a.Text+"\x00"+a.Note, b.Text+"\x00"+b.Note) })
	return out
}

// bodyShown writes a body of the journal for a reader.
func (v *view) bodyShown(b journal.Body, h http.Header) BodyShown {
	switch {
	case b.Hidden:
		return BodyShown{Note: v.T("journal.hidden")}
	case b.Size == 0:
		return BodyShown{Note: v.T("journal.nobody")}
	case !utf8.Valid(b.Bytes) && !b.Cut():
		return BodyShown{Note: v.T("example.binary", bytesWord(b.Size))}
	}
	code, kind := legible(b.Bytes, h.Get("Content-Type"))
	text := strings.ToValidUTF8(string(code), "\uFFFD")
	out := BodyShown{Code: v.site.colours.colour(text, kind)}
	if b.Cut() {
		out.Note = v.T("journal.cut", bytesWord(len(b.Bytes)), bytesWord(b.Size))
	}
	return out
}

// exchangeCurl is the line that asks the same again; what the journal masked stays masked.
func (v *view) exchangeCurl(x *journal.Exchange) string {
	origin := v.site.origin
	if origin == "" {
		origin = "http://{host}"
	}
	line := []string{"curl -X " + x.Method + " " + quoted(origin+x.URL)}
	for _, h := range headerLines(x.RequestHeader) {
		switch h.Text {
		case "Accept-Encoding", "Connection", "Content-Length", "Host", "User-Agent":
		default:
			line = append(line, "-H "+quoted(h.Text+": "+h.Note))
		}
	}
	if b := x.RequestBody; len(b.Bytes) > 0 && !b.Cut() && utf8.Valid(b.Bytes) {
		line = append(line, "--data-binary "+quoted(string(b.Bytes)))
	}
	return joined(line)
}

// violations tells of broken promises, each with a link to the property that it is about. status is "" for those of a request.
func (v *view) violations(operation, status string, list []contract.Violation) []Violation {
	e := v.outline().byID[operation]
	var out []Violation
	for _, x := range list {
		shown := Violation{hidden: x.In == "header" && x.Keyword == "required", Where: strings.TrimSpace(x.In + " " + x.Name + " " + x.Pointer), Message: x.Message, Rule: x.Rule.String()}
		if e != nil {
			shown.URL = v.operationURL(e)
			if anchor := violationAnchor(e.op, status, x); anchor != "" {
				shown.URL += "#" + anchor
			}
		}
		out = append(out, shown)
	}
	return out
}

// violationAnchor is the anchor, on its operation's page, of the place that a violation is about; status is "" for a request.
func violationAnchor(op *contract.Operation, status string, x contract.Violation) string {
	key := status
	if code, err := strconv.Atoi(status); err == nil {
		r := op.Responses().For(code)
		if r == nil {
			return "responses"
		}
		key = r.Status
	}
	at := ""
	switch {
	case status == "" && x.In == "body":
		at = "body"
	case status == "" && (x.In == "path" || x.In == "query" || x.In == "header" || x.In == "cookie"):
		at = "in." + x.In + "." + segment(x.Name)
	case x.In == "body":
		at = key
	case status != "" && x.In == "header":
		at = key + ".header." + segment(x.Name)
	default:
		return key
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(x.Pointer, "/"), "/") {
		if _, err := strconv.Atoi(token); err == nil || token == "" { // an item of a list has no segment of its own
			continue
		}
		at += "." + segment(strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
	}
	return at
}
