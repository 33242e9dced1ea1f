package backend

import (
	"slices"
	"strings"
	"unicode"
)

// plain makes a name comparable: letters and digits in lower case, so that petId, pet_id and pet-id are one.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// singular is the English singular of a plural, near enough to compare names by: policies → policy, boxes → box, pets → pet.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies") && len(name) > 4:
		return name[:len(name)-3] + "y"
	case strings.HasSuffix(name, "sses"), strings.HasSuffix(name, "xes"), strings.HasSuffix(name, "ches"), strings.HasSuffix(name, "shes"):
		return name[:len(name)-2]
	case strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss") && !strings.HasSuffix(name, "us") && len(name) > 2:
		return name[:len(name)-1]
	}
	return name
}

// noun is the singular of the last fixed segment of a path, made comparable: /v1/order-lines/{id} → orderline.
func noun(template string) string {
	segments := segmentsOf(template)
	for _, s := range slices.Backward(segments) {
		if !variable(s) {
			return singular(plain(s))
		}
	}
	return ""
}

// segmentsOf cuts a template at its slashes, without an empty one at either end.
func segmentsOf(template string) []string {
	return strings.Split(strings.Trim(template, "/"), "/")
}

// variable tells whether a segment is nothing but one parameter.
func variable(segment string) bool {
	return len(segment) > 2 && segment[0] == '{' && strings.IndexByte(segment, '}') == len(segment)-1
}

// cutItem splits /C/{x} into /C and x; ok is false for templates that do not end with one parameter.
func cutItem(template string) (collection, parameter string, ok bool) {
	trimmed := strings.TrimRight(template, "/")
	i := strings.LastIndexByte(trimmed, '/')
	if i < 0 || !variable(trimmed[i+1:]) {
		return "", "", false
	}
	return trimmed[:i], trimmed[i+2 : len(trimmed)-1], true
}

// parametersOf are the names of a template's parameters, in order.
func parametersOf(template string) []string {
	var out []string
	for _, s := range segmentsOf(template) {
		if variable(s) {
			out = append(out, s[1:len(s)-1])
		}
	}
	return out
}
