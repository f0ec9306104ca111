package resource

import "fmt"

// maxInlined is how many includes a value set may have once those of the value sets that
// it contains stand in the place of references to them.
const maxInlined = 10_000

// Expanded returns the codes of a stored expansion as enumerations, one for each code
// system and version in the order in which they come. Entries that are headings only, abstract ones without
// a code, are left out. The error says where it is not well-formed.
func (v *ValueSet) Expanded() ([]ConceptSet, error) {
	s := newScanner([]byte(v.Expansion), "", "ValueSet.expansion")
	var sets []ConceptSet
	place := map[[2]string]int{}
	s.object(func(key string) {
		if key == "contains" {
			readContains(s, &sets, place)
		}
	})
	if s.err != nil {
		return nil, s.err
	}
	return sets, nil
}

func readContains(s *scanner, sets *[]ConceptSet, place map[[2]string]int) {
	s.array(func(int) {
		var system, version string
		var c ConceptReference
		var below []ConceptSet
		belowPlace := map[[2]string]int{}
		s.object(func(key string) {
			switch key {
			case "system":
				system = s.str()
			case "version":
				version = s.str()
			case "code":
				c.Code = s.str()
			case "display":
				c.Display = s.str()
			case "designation":
				c.Designations = readDesignations(s)
			case "contains":
				readContains(s, &below, belowPlace)
			}
		})
		if c.Code != "" {
			add(sets, place, system, version, c)
		}
		for _, set := range below {
			for _, c := range set.Concepts {
				add(sets, place, set.System, set.Version, c)
			}
		}
	})
}

func add(sets *[]ConceptSet, place map[[2]string]int, system, version string, c ConceptReference) {
	i, ok := place[[2]string{system, version}]
	if !ok {
		i = len(*sets)
		place[[2]string{system, version}] = i
		*sets = append(*sets, ConceptSet{System: system, Version: version})
	}
	(*sets)[i].Concepts = append((*sets)[i].Concepts, c)
}

// Inlined returns includes or excludes with what contained value sets include in the
// place of references to them (#id). The error is about a reference that this cannot say.
func (v *ValueSet) Inlined(sets []ConceptSet) ([]ConceptSet, error) {
	left := maxInlined
	return v.inline(sets, 0, &left)
}

func (v *ValueSet) inline(sets []ConceptSet, depth int, left *int) ([]ConceptSet, error) {
	const maxNested = 8
	var out []ConceptSet
	for _, set := range sets {
		if *left--; *left < 0 {
			return nil, fmt.Errorf("the value set and what it contains have more than %d includes", maxInlined)
		}
		id := ""
		for _, url := range set.ValueSets {
			if len(url) > 1 && url[0] == '#' {
				id = url[1:]
			}
		}
		if id == "" {
			out = append(out, set)
			continue
		}
		c := v.containedByID(id)
		switch {
		case c == nil:
			return nil, fmt.Errorf("the value set has no contained value set '#%s'", id)
		case depth == maxNested:
			return nil, fmt.Errorf("the contained value set '#%s' includes itself", id)
		case !c.Composed || set.System != "" || len(set.ValueSets) > 1 || len(c.Exclude) > 0 || c.Inactive != nil:
			return nil, fmt.Errorf("the contained value set '#%s' is used together with other conditions", id)
		}
		more, err := v.inline(c.Include, depth+1, left)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func (v *ValueSet) containedByID(id string) *ValueSet {
	for _, c := range v.Contained {
		if c.ID == id && c.ValueSet != nil {
			return c.ValueSet
		}
	}
	return nil
}
