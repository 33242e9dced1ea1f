package portal

import (
	"fmt"
	"math"
)

// rgb is a colour, each part from 0 to 1.
type rgb [3]float64

// String writes the colour as #rrggbb.
func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0]*255)), int(math.Round(c[1]*255)), int(math.Round(c[2]*255)))
}

// luminance is the relative luminance (WCAG 2.2).
func (c rgb) luminance() float64 {
	var part [3]float64
	for i, x := range c {
		if part[i] = x / 12.92; x > 0.04045 {
			part[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*part[0] + 0.7152*part[1] + 0.0722*part[2]
}

// contrast is the contrast ratio of two colours (WCAG 2.2), from 1 to 21.
func (c rgb) contrast(d rgb) float64 {
	a, b := c.luminance(), d.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// against moves a colour towards another until text of it can be read on a ground: a contrast of at least 4.5 (WCAG 2.2, 1.4.3).
func (c rgb) against(ground, towards rgb) rgb {
	for step := 0.0; step <= 1; step += 0.02 {
		moved := rgb{}
		for i := range c {
			moved[i] = c[i] + (towards[i]-c[i])*step
		}
		if moved.contrast(ground) >= 4.6 {
			return moved
		}
	}
	return towards
}
