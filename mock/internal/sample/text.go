package sample

import (
	"maps"
	"slices"
)

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
