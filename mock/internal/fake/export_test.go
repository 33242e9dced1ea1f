package fake_test

import "standin/mock/internal/format"

func formats() []string { return format.Names() }
