package portal

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// outline names what a site shows: operations by category, categories by group, structures. What is marked x-internal is not
// there. It is made from the document as written, so that no operation need compile for it.
type outline struct {
	groups     []*tagGroup
	categories []*category
	entries    []*entry
	// schemas are the shared structures that have a page; schemaNames lists them in the document's order.
	schemas     map[string]bool
	schemaNames []string
	// moved leads from former ids and ids of actions to the path of the page that has them now.
	moved map[string]string

	bySlug       map[string]*entry
	byID         map[string]*entry
	categorySlug map[string]*category
	prefix       string // the path of the document's first server
}

// tagGroup is one of x-tagGroups; its name is "" for the one of a document that has none.
type tagGroup struct {
	name, slug string
	node       *source.Node // nil for that of a document that has none
	categories []*category
}

// category is a tag.
type category struct {
	tag, name, slug string
	node            *source.Node // the Tag Object, nil if the document has none
	group           *tagGroup
	crumbs          []string // x-breadcrumb
	entries         []*entry
}

// called is the category's name in a language.
func (k *category) called(lang string) string {
	if lang == chinese {
		return cmp.Or(k.node.Get("x-display-name-zh").Text(), k.node.Get("x-name-zh").Text(), k.name)
	}
	return k.name
}

// entry is an operation as lists show it.
type entry struct {
	op              *contract.Operation
	id, slug        string
	summary         string
	since           string
	async           bool
	deprecated      bool
	categories      []*category
	operationalPath string // with the prefix of the first server
}

func newOutline(c *contract.Contract) *outline {
	o := &outline{
		schemas: map[string]bool{}, moved: map[string]string{}, bySlug: map[string]*entry{}, byID: map[string]*entry{},
		categorySlug: map[string]*category{}, prefix: firstPrefix(c),
	}
	byTag := o.readTags(c.Root())
	for _, op := range c.Operations() {
		if !op.Internal() {
			o.addEntry(op, byTag)
		}
	}
	o.categories = slices.DeleteFunc(o.categories, func(k *category) bool { return len(k.entries) == 0 })
	o.readGroups(c.Root())
	o.readSchemas(c.Root())
	o.readMoves()
	return o
}

func (o *outline) readTags(root *source.Node) map[string]*category {
	byTag, hidden := map[string]*category{}, map[string]bool{}
	for _, n := range root.Get("tags").Items() {
		name := n.Get("name").Text()
		if name == "" || byTag[name] != nil {
			continue
		}
		k := &category{tag: name, name: n.Get("x-display-name").StringOr(n.Get("x-displayName").StringOr(name)), node: n}
		for _, crumb := range n.Get("x-breadcrumb").Items() {
			k.crumbs = append(k.crumbs, crumb.Text())
		}
		byTag[name] = k
		if hidden[name] = n.Get("x-internal").True(); !hidden[name] {
			o.addCategory(k)
		}
	}
	return byTag
}

func (o *outline) addCategory(k *category) {
	k.slug = slugIn(o.categorySlug, slug(k.tag))
	o.categorySlug[k.slug] = k
	o.categories = append(o.categories, k)
}

func (o *outline) addEntry(op *contract.Operation, byTag map[string]*category) {
	n := op.Node()
	e := &entry{
		op: op, id: n.Get("operationId").Text(), summary: n.Get("summary").Text(), since: n.Get("x-since").Text(),
		deprecated: n.Get("deprecated").True(), operationalPath: o.prefix + op.Template,
	}
	switch mode := n.Get("x-mode").Text(); mode {
	case "sync", "async":
		e.async = mode == "async"
	default:
		_, e.async = n.Get("responses").Member("202")
	}
	if e.id == "" || e.id != op.ID { // none, or one that another operation has already
		e.id = madeID(op)
	}
	e.slug = e.id
	if !routable(e.id) {
		e.slug = madeID(op)
	}
	e.slug = slugIn(o.bySlug, e.slug)
	o.bySlug[e.slug], o.byID[op.ID] = e, e
	o.entries = append(o.entries, e)
	tags := n.Get("tags").Items()
	for _, t := range tags {
		o.file(e, t.Text(), byTag)
	}
	if len(e.categories) == 0 { // no tags, or none that may be shown
		o.file(e, "", byTag)
	}
}

// file puts an operation into the category of a tag; "" is for those without any.
func (o *outline) file(e *entry, tag string, byTag map[string]*category) {
	k := byTag[tag]
	if k == nil {
		k = &category{tag: tag, name: tag}
		byTag[tag] = k
		o.addCategory(k)
	}
	if !slices.Contains(e.categories, k) && o.categorySlug[k.slug] == k {
		e.categories = append(e.categories, k)
		k.entries = append(k.entries, e)
	}
}

// madeID names an operation that the document leaves without an id of its own: get-pets-by-petId.
func madeID(op *contract.Operation) string {
	parts := []string{strings.ToLower(op.Method)}
	for segment := range strings.SplitSeq(op.Template, "/") {
		if segment == "" {
			continue
		}
		segment = strings.ReplaceAll(strings.ReplaceAll(segment, "}", ""), "{", "by-")
		parts = append(parts, slug(segment))
	}
	return strings.Join(parts, "-")
}

// routable tells that an id can be the rest of a path as it is: browsers drop empty segments and dots.
func routable(id string) bool {
	if len(id) > 500 {
		return false
	}
	for segment := range strings.SplitSeq(id, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

// slug makes a text into one segment of a path: what is neither letter nor digit becomes a dash.
func slug(text string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x2e7f && r < 0xd800:
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		default:
			dash = true
		}
		if b.Len() > 120 {
			return b.String() + "-" + shortHash([]byte(text))
		}
	}
	if strings.Trim(b.String(), ".") == "" {
		return "other"
	}
	return b.String()
}

// slugIn gives a slug that is not taken.
func slugIn[T any](taken map[string]T, want string) string {
	out := want
	for n := 2; ; n++ {
		if _, used := taken[out]; !used {
			return out
		}
		out = want + "-" + strconv.Itoa(n)
	}
}

func (o *outline) readGroups(root *source.Node) {
	grouped := map[*category]bool{}
	for _, n := range root.Get("x-tagGroups").Items() {
		g := &tagGroup{name: n.Get("name").Text(), node: n}
		for _, t := range n.Get("tags").Items() {
			for _, k := range o.categories {
				if k.tag == t.Text() && !grouped[k] {
					grouped[k], k.group = true, g
					g.categories = append(g.categories, k)
				}
			}
		}
		if len(g.categories) > 0 {
			o.groups = append(o.groups, g)
		}
	}
	rest := &tagGroup{}
	for _, k := range o.categories {
		if !grouped[k] {
			k.group = rest
			rest.categories = append(rest.categories, k)
		}
	}
	if len(rest.categories) > 0 {
		o.groups = append(o.groups, rest)
	}
	taken := map[string]bool{}
	for _, g := range o.groups {
		g.slug = slugIn(taken, "group-"+slug(g.name))
		taken[g.slug] = true
	}
}

// shared gives the object that holds a document's shared schemas.
func shared(root *source.Node) *source.Node {
	if root.Get("swagger") != nil {
		return root.Get("definitions")
	}
	return root.Get("components").Get("schemas")
}

func (o *outline) readSchemas(root *source.Node) {
	for _, m := range shared(root).Members() {
		if !m.Value.Get("x-internal").True() {
			o.schemas[m.Name] = true
			o.schemaNames = append(o.schemaNames, m.Name)
		}
	}
}

// readMoves notes where the ids lead that operations had before, and those of actions that share an operation.
func (o *outline) readMoves() {
	for _, e := range o.entries {
		n := e.op.Node()
		for _, id := range n.Get("x-former-ids").Items() {
			o.move(id.Text(), operationPath(e.slug))
		}
		for _, m := range n.Get("x-actions").Members() {
			o.move(m.Value.Get("operationId").Text(), operationPath(e.slug)+"#action."+segment(m.Name))
		}
	}
}

func (o *outline) move(id, to string) {
	if id != "" && o.bySlug[id] == nil {
		o.moved[id] = to
	}
}

// firstPrefix is the path of the document's first server, if the contract answers under it.
func firstPrefix(c *contract.Contract) string {
	root := c.Root()
	text := root.Get("basePath").Text()
	if servers := root.Get("servers").Items(); len(servers) > 0 {
		text = servers[0].Get("url").Text()
		for _, m := range servers[0].Get("variables").Members() {
			text = strings.ReplaceAll(text, "{"+m.Name+"}", m.Value.Get("default").Text())
		}
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	if p := strings.TrimSuffix(u.EscapedPath(), "/"); slices.Contains(c.Prefixes(), p) {
		return p
	}
	return ""
}
