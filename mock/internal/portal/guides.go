package portal

import "io/fs"

// guide is a text beside the document.
type guide struct {
	slug, title string
	text        string
	operations  []string // that it names
}

func readGuides(fsys fs.FS) ([]*guide, error) {
	if fsys == nil {
		return nil, nil
	}
	return nil, nil
}
