package contract

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// mostLogo bounds a logo, in bytes.
const mostLogo = 1 << 20

var (
	errNoImage   = errors.New("it is no SVG, PNG, JPEG, GIF or WebP image")
	errLargeLogo = errors.New("it is larger than 1 MiB")
)

// Logo is the image that the document calls its logo (info.x-logo, with its url), nil if there is none that can be read: a file in the
// document's folder or below, or a data URL (RFC 2397). Nothing is fetched from other hosts.
func (c *Contract) Logo() []byte { return c.logo }

// readLogo reads the logo; what is wrong with it is a diagnostic.
func (c *Contract) readLogo() {
	at := c.root.Get("info").Get("x-logo")
	ref := at.Get("url").Text()
	if ref == "" {
		return
	}
	image, err := c.image(ref)
	if err == nil && !isImage(image) {
		err = errNoImage
	}
	if err != nil {
		c.warn(at.PositionOf("url"), "logo", "the logo cannot be shown: "+err.Error())
		return
	}
	c.logo = image
}

// image reads what a URL in the root document leads to.
func (c *Contract) image(ref string) ([]byte, error) {
	if text, ok := strings.CutPrefix(ref, "data:"); ok {
		kind, content, _ := strings.Cut(text, ",")
		content, err := url.PathUnescape(content)
		if err == nil && strings.HasSuffix(strings.TrimSpace(kind), ";base64") {
			image, err := base64.StdEncoding.DecodeString(content)
			return image, err
		}
		return []byte(content), err
	}
	name, err := c.files.join(c.files.root(), ref)
	if err != nil {
		return nil, err
	}
	file, err := c.files.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	image, err := io.ReadAll(io.LimitReader(file, mostLogo+1))
	if err == nil && len(image) > mostLogo {
		err = errLargeLogo
	}
	return image, err
}

// isImage tells an image by its first bytes.
func isImage(content []byte) bool {
	switch http.DetectContentType(content) {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return strings.Contains(string(content[:min(len(content), 2048)]), "<svg")
}
