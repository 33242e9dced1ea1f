package portal

import (
	"fmt"
	"strconv"
	"strings"
)

// The languages of the interface, as in BCP 47.
const (
	english = "en"
	chinese = "zh-CN"
)

// languages are those that a reader may ask for, the usual one first.
var languages = [...]string{english, chinese}

// word gives the words of the interface for a key, in one language. %s and %d stand for args. An unknown key is given back, which
// a test would notice.
func word(lang, key string, args ...any) string {
	w, ok := words[key]
	if !ok {
		return key
	}
	text := w.en
	if lang == chinese {
		text = w.zh
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// language chooses by what a reader asked for (?lang=), then by Accept-Language (RFC 9110, 12.5.4). explicit tells the former.
func language(asked, header string) (lang string, explicit bool) {
	for _, l := range languages {
		if strings.EqualFold(asked, l) {
			return l, true
		}
	}
	if primary(asked) == "zh" {
		return chinese, true
	}
	best, most := english, 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if text, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			q, _ = strconv.ParseFloat(text, 64)
		}
		for _, l := range languages {
			if primary(tag) == primary(l) && q > most {
				best, most = l, q
			}
		}
	}
	return best, false
}

// primary is the primary subtag of a language tag.
func primary(tag string) string {
	p, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	return p
}

// words are all words of the interface.
var words = map[string]struct{ en, zh string }{
	"skip":               {"Skip to main content", "跳到正文"},
	"home":               {"Overview", "概览"},
	"operations":         {"Operations", "接口"},
	"categories":         {"Categories", "分类"},
	"navigation":         {"API navigation", "接口导航"},
	"menu":               {"Menu", "菜单"},
	"breadcrumbs":        {"Breadcrumbs", "当前位置"},
	"pages":              {"Pages", "页面"},
	"search":             {"Search", "搜索"},
	"search.hint":        {"Search operations, fields, words", "搜索接口、字段或文字"},
	"search.results":     {"%d results for “%s”", "“%[2]s”共有 %[1]d 条结果"},
	"search.none":        {"Nothing matches “%s”.", "没有与“%s”匹配的内容。"},
	"search.tips":        {"Search takes operation IDs, paths such as GET /pets/7, field names and words in either language.", "可以搜索接口 ID、路径(如 GET /pets/7)、字段名以及中英文文字。"},
	"search.more":        {"%d more results are not listed: add a word to narrow the search.", "另有 %d 条结果未列出,请增加关键词以缩小范围。"},
	"language":           {"Language", "语言"},
	"version":            {"Version %s", "版本 %s"},
	"since":              {"Since %s", "自 %s 起"},
	"sync":               {"Synchronous", "同步"},
	"async":              {"Asynchronous", "异步"},
	"auth.required":      {"Auth Required", "需要认证"},
	"auth.optional":      {"Auth Optional", "可选认证"},
	"deprecated":         {"Deprecated", "已弃用"},
	"deprecated.note":    {"This API is deprecated. Do not build anything new on it.", "此接口已弃用,请勿用于新的开发。"},
	"sunset":             {"Sunset %s", "%s 停用"},
	"availability":       {"Execution Availability", "在线执行"},
	"try":                {"Try It Out", "在线调试"},
	"try.text":           {"Submit a mock request using the current auth context and example-driven inputs.", "使用当前认证信息和示例参数提交一次模拟请求。"},
	"try.none":           {"These pages are served without a mock to call. The request example below can be sent to any server of this API.", "当前页面未连接可调用的模拟服务,下方的请求示例可发送到此 API 的任意服务器。"},
	"inputs":             {"Request Inputs", "请求参数"},
	"inputs.none":        {"This API requires no request parameters.", "此接口无需请求参数。"},
	"in.path":            {"Path Parameters", "路径参数"},
	"in.query":           {"Query Parameters", "查询参数"},
	"in.header":          {"Header Parameters", "请求头参数"},
	"in.cookie":          {"Cookie Parameters", "Cookie 参数"},
	"body":               {"Request Body", "请求体"},
	"body.anything":      {"The document does not describe this body.", "文档未描述此内容的结构。"},
	"responses":          {"Responses", "响应"},
	"responses.none":     {"The document describes no response.", "文档未描述任何响应。"},
	"response.structure": {"On success, this API returns the following response structure.", "调用成功时,返回以下结构。"},
	"response.failure":   {"On failure, this API returns the following response structure.", "调用失败时,返回以下结构。"},
	"response.nobody":    {"This response has no body.", "此响应没有响应体。"},
	"response.headers":   {"Response Headers", "响应头"},
	"status.default":     {"Any other status", "其他状态码"},
	"status.class":       {"Any %s status", "任意 %s 状态码"},
	"job.result":         {"Result of the Job", "任务结果"},
	"job.result.text":    {"The call is answered at once; when the job has ended, its result has this structure.", "接口会立即返回;任务结束后,结果为以下结构。"},
	"actions":            {"Actions", "操作"},
	"actions.text":       {"The request body holds one of these actions under its own key.", "请求体以各自的键携带以下操作之一。"},
	"seealso":            {"Related", "相关内容"},
	"alias":              {"Another path of", "等同于"},
	"links":              {"What can follow", "后续调用"},
	"schemas.used":       {"Structures used", "用到的结构"},
	"callbacks":          {"Callbacks", "回调"},
	"external":           {"Further reading", "更多资料"},
	"guides":             {"Guides", "指南"},
	"endpoint":           {"Endpoint", "接口地址"},
	"operation.id":       {"Operation ID", "接口 ID"},
	"permalink":          {"Permalink", "永久链接"},
	"request.example":    {"Request Example", "请求示例"},
	"response.example":   {"Response Example", "响应示例"},
	"example":            {"Example", "示例"},
	"example.known":      {"The document says that this example is wrong; it is served only when asked for by name.", "文档已注明此示例有误,仅在按名称请求时返回。"},
	"example.broken":     {"This example breaks its own schema (violations: %d); it is served only when asked for by name.", "此示例有 %d 处不符合其结构定义,仅在按名称请求时返回。"},
	"example.generated":  {"Generated from the schema", "根据结构生成"},
	"example.long":       {"%s of %s are shown; the whole example is behind this link.", "已显示 %s,共 %s;完整示例见此链接。"},
	"example.binary":     {"%s of binary content", "%s 二进制内容"},
	"history":            {"Change History", "变更历史"},
	"history.none":       {"This API has no change history records yet.", "此接口暂无变更记录。"},
	"history.all":        {"View all change history", "查看全部变更历史"},
	"changes":            {"Changes", "变更"},
	"changes.none":       {"No changes are on record.", "暂无变更记录。"},
	"changes.match":      {"No change matches this choice.", "没有符合条件的变更。"},
	"changes.latest":     {"Latest changes", "最近变更"},
	"changes.all":        {"All", "全部"},
	"changes.of":         {"Changes of %s", "%s 的变更"},
	"changes.in":         {"Changes in %s", "%s 的变更"},
	"changes.first":      {"The oldest version on record: there is nothing to compare it with.", "最早的存档版本,没有可比较的内容。"},
	"changes.left":       {"%d more changes are on the page of this version", "此版本页面另有 %d 条变更"},
	"list.pages":         {"Pages of this list", "列表分页"},
	"changes.quiet":      {"Nothing in this version changes anything for clients.", "此版本没有影响客户端的变更。"},
	"changes.feed":       {"Atom feed", "Atom 订阅"},
	"changes.shared":     {"Shared structure %s", "共用结构 %s"},
	"changes.touches":    {"%d operations", "%d 个接口"},
	"changes.general":    {"The API as a whole", "整个 API"},
	"level.breaking":     {"Breaking", "不兼容"},
	"level.warning":      {"Warning", "警告"},
	"level.info":         {"Info", "信息"},
	"level":              {"Level", "级别"},
	"removed":            {"Removed", "已移除"},
	"removed.text":       {"This operation was removed in %s.", "此接口已在 %s 中移除。"},
	"previous":           {"Previous", "上一个"},
	"next":               {"Next", "下一个"},
	"required":           {"Required", "必填"},
	"readonly":           {"Read-only", "只读"},
	"writeonly":          {"Write-only", "只写"},
	"nullable":           {"Nullable", "可为 null"},
	"from":               {"from %s", "来自 %s"},
	"recursive":          {"recursive", "递归"},
	"recursive.see":      {"Recursive: see %s", "递归:见 %s"},
	"see.more":           {"Show the fields of %s", "查看 %s 的字段"},
	"see.part":           {"Show what is inside", "查看内部字段"},
	"fields":             {"%d fields", "%d 个字段"},
	"field":              {"1 field", "1 个字段"},
	"type.any":           {"Any", "任意类型"},
	"type.never":         {"Never", "不允许"},
	"label.item":         {"Item %d", "第 %d 项"},
	"label.items":        {"Each item", "每一项"},
	"label.furtheritems": {"Further items", "其余各项"},
	"label.key":          {"any other name", "其他任意名称"},
	"label.pattern":      {"names like %s", "形如 %s 的名称"},
	"label.oneOf":        {"One of", "其中之一"},
	"label.anyOf":        {"Any of", "其中任意"},
	"label.not":          {"Not", "不可为"},
	"label.if":           {"If", "如果"},
	"label.then":         {"then", "则"},
	"label.else":         {"else", "否则"},
	"label.contains":     {"At least one item", "至少一项"},
	"label.names":        {"Every name", "每个名称"},
	"label.depends":      {"When %s is present", "存在 %s 时"},
	"label.content":      {"Content of the text", "文本的内容"},
	"label.unevaluated":  {"anything else", "其他内容"},
	"is.format":          {"Format", "格式"},
	"is.enum":            {"Allowed values", "可选值"},
	"is.const":           {"Always", "固定值"},
	"is.default":         {"Default", "默认值"},
	"is.example":         {"Example", "示例"},
	"is.range":           {"Range", "取值范围"},
	"is.multiple":        {"Multiple of", "倍数"},
	"is.length":          {"Length", "长度"},
	"is.pattern":         {"Pattern", "模式"},
	"is.items":           {"Items", "项数"},
	"is.unique":          {"All items differ", "各项互不相同"},
	"is.contains":        {"Such items", "此类项数"},
	"is.properties":      {"Fields", "字段数"},
	"is.closed":          {"No other fields", "不允许其他字段"},
	"is.depends":         {"With %s also", "有 %s 时还需"},
	"is.encoding":        {"Encoding", "编码"},
	"is.media":           {"Content", "内容类型"},
	"is.discriminator":   {"Decided by", "由此字段决定"},
	"is.needs.anyOf":     {"At least one of", "至少包含其一"},
	"is.needs.oneOf":     {"Exactly one of", "仅包含其一"},
	"is.needs.none":      {"None of", "均不可包含"},
	"is.needs":           {"Needs", "必须包含"},
	"is.style":           {"Written as", "书写方式"},
	"atleast":            {"at least %s", "不小于 %s"},
	"atmost":             {"at most %s", "不大于 %s"},
	"above":              {"more than %s", "大于 %s"},
	"below":              {"less than %s", "小于 %s"},
	"exactly":            {"exactly %s", "恰好 %s"},
	"between":            {"%s to %s", "%s 至 %s"},
	"values.count":       {"%d values", "%d 个值"},
	"schema":             {"Structure", "结构"},
	"schema.field":       {"Fields", "字段"},
	"schemas":            {"Structures", "结构"},
	"schema.cut":         {"%s of %s are shown; the document has the whole.", "已显示 %s,共 %s;完整内容见文档。"},
	"schema.raw":         {"Schema as written", "原始定义"},
	"schema.usedby":      {"Used by", "被以下接口使用"},
	"schema.unused":      {"No operation uses this structure.", "没有接口使用此结构。"},
	"part":               {"Part of %s", "%s 的一部分"},
	"servers":            {"Servers", "服务器"},
	"markdown":           {"This page as Markdown", "本页的 Markdown 版本"},
	"category.count":     {"%d operations", "%d 个接口"},
	"category.one":       {"1 operation", "1 个接口"},
	"category.all":       {"All %d operations", "全部 %d 个接口"},
	"other":              {"Other", "其他"},
	"method":             {"Method", "方法"},
	"path":               {"Path", "路径"},
	"name":               {"Name", "名称"},
	"summary":            {"Summary", "说明"},
	"operation":          {"Operation", "接口"},
	"status":             {"Status", "状态码"},
	"auth":               {"Authentication", "认证"},
	"auth.text":          {"How a client shows who it is.", "客户端如何证明身份。"},
	"auth.none":          {"The document describes no authentication: every operation is open.", "文档未描述认证方式,所有接口均可直接调用。"},
	"auth.scope":         {"Scope", "权限"},
	"auth.flow":          {"Flow", "授权流程"},
	"auth.token":         {"How to get a token", "如何获取令牌"},
	"auth.login.call":    {"Call", "调用"},
	"auth.login.where":   {"; the token stands in its answer at", ",令牌位于响应的"},
	"auth.authorize":     {"Authorization URL", "授权地址"},
	"auth.tokenurl":      {"Token URL", "令牌地址"},
	"auth.refresh":       {"Refresh URL", "刷新地址"},
	"auth.device":        {"Device authorization URL", "设备授权地址"},
	"auth.openid":        {"Discovery URL", "发现地址"},
	"auth.sent":          {"Sent as", "发送方式"},
	"auth.used":          {"Needed by %d operations", "%d 个接口需要"},
	"auth.open":          {"Open operations", "无需认证的接口"},
	"errors":             {"Errors", "错误"},
	"errors.text":        {"What can go wrong, by status and by code, with the operations that document it.", "按状态码和错误码列出可能出现的错误及相应接口。"},
	"errors.none":        {"The document describes no errors.", "文档未描述错误。"},
	"errors.cut":         {"%d more codes are in the examples of the operations.", "另有 %d 个错误码见各接口的示例。"},
	"errors.codes":       {"Error codes", "错误码"},
	"errors.code":        {"Code", "错误码"},
	"errors.status":      {"By status", "按状态码"},
	"errors.meaning":     {"Meaning", "含义"},
	"webhooks":           {"Webhooks", "Webhook"},
	"webhooks.text":      {"Requests that the server sends on its own account.", "服务器主动发送的请求。"},
	"webhooks.none":      {"The document describes neither webhooks nor callbacks.", "文档未描述 Webhook 或回调。"},
	"webhook.answer":     {"Expected answers", "期望的响应"},
	"callback.of":        {"Callback of %s", "%s 的回调"},
	"guides.none":        {"There are no guides.", "暂无指南。"},
	"journal":            {"Journal", "调用日志"},
	"journal.text":       {"What was asked of this mock, and what it answered, newest first.", "此模拟服务收到的请求和给出的响应,最新的在前。"},
	"journal.none":       {"Nothing was asked yet.", "暂无调用。"},
	"journal.match":      {"No exchange matches this choice.", "没有符合条件的调用。"},
	"journal.absent":     {"This server keeps no journal.", "此服务未保存调用日志。"},
	"journal.refresh":    {"Refresh", "刷新"},
	"journal.exchange":   {"Exchange %s", "调用 %s"},
	"journal.time":       {"Time", "时间"},
	"journal.source":     {"Answered by", "响应来源"},
	"journal.request":    {"Request", "请求"},
	"journal.response":   {"Response", "响应"},
	"journal.pending":    {"not answered yet", "尚未响应"},
	"journal.cut":        {"%s of %s are kept.", "仅保留 %s,共 %s。"},
	"journal.hidden":     {"This body may hold a secret and was not kept.", "此内容可能包含机密信息,未保存。"},
	"journal.nobody":     {"No body.", "无内容。"},
	"journal.gone":       {"The journal holds no exchange %s: it never did, or newer ones took its place.", "日志中没有调用 %s:它不存在,或已被更新的调用取代。"},
	"journal.valid":      {"Contract", "契约"},
	"journal.refused":    {"Refused", "拒绝原因"},
	"filter":             {"Filter", "筛选"},
	"filter.apply":       {"Apply", "应用"},
	"contract.kept":      {"keeps the contract", "符合契约"},
	"contract.broken":    {"%d violations", "%d 处违反"},
	"contract.breaks":    {"breaks the contract", "违反契约"},
	"contract.any":       {"any", "不限"},
	"notfound":           {"Page not found", "页面不存在"},
	"notfound.text":      {"There is no such page. Search for what you need, or start from the overview.", "没有这个页面。请搜索所需内容,或从概览开始。"},
	"footer":             {"Page information", "页面信息"},
	"header":             {"Site header", "页眉"},
	"more":               {"More", "更多"},
	"description":        {"Description", "说明"},

	// Those of the script, which it finds in the page.
	"js.copy":   {"Copy", "复制"},
	"js.copied": {"Copied", "已复制"},
	"js.code":   {"code", "代码"},
	"js.theme":  {"Theme", "外观"},
	"js.auto":   {"Automatic", "自动"},
	"js.light":  {"Light", "浅色"},
	"js.dark":   {"Dark", "深色"},
	"js.keys":   {"Keyboard shortcuts", "键盘快捷键"},
	"js.on":     {"Shortcuts are on", "启用快捷键"},
	"js.close":  {"Close", "关闭"},
	"js.search": {"Search", "搜索"},
	"js.try":    {"Try It Out", "在线调试"},
	"js.take":   {"Copy the request", "复制请求示例"},
	"js.prev":   {"Previous operation", "上一个接口"},
	"js.next":   {"Next operation", "下一个接口"},
	"js.tree":   {"Open or close all fields", "展开或收起全部字段"},
	"js.home":   {"Overview", "概览"},
	"js.log":    {"Changes", "变更"},
	"js.calls":  {"Journal", "调用日志"},
	"js.help":   {"These shortcuts", "显示快捷键"},
}
