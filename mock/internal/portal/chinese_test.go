package portal

import (
	"strings"
	"testing"
)

// TestTextsInChinese shows what the document has in Chinese wherever it has it.
func TestTextsInChinese(t *testing.T) {
	p := portalOf(t, parse(t, `openapi: 3.1.0
info: {title: Books, x-title-zh: 图书, version: "1", summary: All books., x-summary-zh: 全部图书。}
servers: [{url: /v1, description: Here., x-description-zh: 本机。}]
tags:
  - {name: shelf, x-display-name: Shelves, x-display-name-zh: 书架, x-breadcrumb: [Library, Shelves], x-breadcrumb-zh: [图书馆, 书架]}
  - {name: loan, x-name-zh: 借阅}
x-tagGroups: [{name: House, x-name-zh: 馆藏, tags: [shelf, loan]}]
components: {schemas: {Shelf: {type: object, description: A shelf., x-description-zh: 摆放图书的架子}}}
paths:
  /shelves:
    get:
      operationId: listShelves
      summary: List shelves
      x-summary-zh: 列出所有书架
      tags: [shelf]
      responses:
        "200": {description: OK.}
        "404": {description: None such., x-description-zh: 没有这样的书架。}
      callbacks: {moved: {"{$request.query.to}": {post: {summary: It moved., x-summary-zh: 书架已移动, responses: {"204": {description: Heard., x-description-zh: 已收到。}}}}}}
  /loans: {get: {operationId: listLoans, tags: [loan], responses: {"200": {description: OK.}}}}
`))
	for path, want := range map[string][]string{
		"/docs/":                            {"<h1>图书</h1>", "全部图书。", "本机。", "<h2>馆藏</h2>", "书架", "借阅"},
		"/docs/category/shelf":              {"<h1>书架</h1>", ">图书馆</a>", "列出所有书架"},
		"/docs/op/listShelves":              {"<p>列出所有书架</p>", `<span class="badge cat">书架</span>`, "书架已移动", "没有这样的书架。"},
		"/docs/errors":                      {"没有这样的书架。"},
		"/docs/webhooks":                    {"书架已移动"},
		"/docs/webhooks/listShelves-moved":  {"已收到。"},
		"/docs/search?q=%E4%B9%A6%E6%9E%B6": {"列出所有<mark>书架</mark>", "<strong><mark>书架</mark></strong>"},
		"/docs/search?q=%E6%91%86%E6%94%BE%E5%9B%BE%E4%B9%A6%E7%9A%84%E6%A1%8C%E5%AD%90": {"Shelf"}, // a word that does not occur as a whole
	} {
		body := get(t, p, path, "Accept-Language", "zh-CN").Body.String()
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %q: %s", path, w, body)
			}
		}
	}
	english := page(t, p, "/docs/op/listShelves")
	for _, r := range strings.ReplaceAll(english, "中文", "") {
		if r >= 0x4e00 && r <= 0x9fff {
			t.Fatalf("the English page holds %c", r)
		}
	}
	if index := page(t, p, "/docs/search.json"); !strings.Contains(index, `"titleZh":"书架"`) || !strings.Contains(index, `"textZh":"列出所有书架"`) {
		t.Errorf("the index lacks Chinese: %s", index)
	}
}
