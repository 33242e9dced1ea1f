package portal

type index struct{}

func (p *Portal) newIndex() *index { return nil }

type usage struct{}

func (p *Portal) newUsage() *usage { return nil }
