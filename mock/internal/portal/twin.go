package portal

// twinFuncs are what the templates of Markdown twins need beside those of pages.
func twinFuncs() map[string]any {
	return map[string]any{}
}
