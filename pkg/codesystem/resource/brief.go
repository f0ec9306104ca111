package resource

import (
	"reflect"
	"slices"
	"strings"
)

// Brief is a ValueSet without the long lists of codes of its includes and excludes. It
// keeps nothing of the text.
type Brief struct {
	*Resource
	// Include and Exclude are the lengths of the lists that were left out, 0 of the others.
	Include, Exclude []int
}

// Brief returns a ValueSet without the lists of least codes or more. It is nil when there is
// no such list, when one says more of its codes than that they are in, and when the value set
// contains others, which have lists too.
func (r *Resource) Brief(least int) *Brief {
	if r.ValueSet == nil || !r.ValueSet.Composed || len(r.ValueSet.Contained) > 0 {
		return nil
	}
	v := *r.ValueSet
	v.Expansion = "" // of a value set with a definition nobody asks
	b := &Brief{Include: make([]int, len(v.Include)), Exclude: make([]int, len(v.Exclude))}
	v.Include, v.Exclude = slices.Clone(v.Include), slices.Clone(v.Exclude)
	if !leaveOut(v.Include, b.Include, least) || !leaveOut(v.Exclude, b.Exclude, least) || slices.Max(append([]int{0}, slices.Concat(b.Include, b.Exclude)...)) == 0 {
		return nil
	}
	whole := *r
	whole.ValueSet = &v
	whole.Raw, whole.long, whole.size = nil, nil, len(r.Raw)
	whole.file, whole.root = strings.Clone(whole.file), strings.Clone(whole.root)
	out := whole
	detach(reflect.ValueOf(&out).Elem())
	b.Resource = &out
	return b
}

// leaveOut takes the long lists out of sets, and notes how long they are. It returns false
// when that cannot be done.
func leaveOut(sets []ConceptSet, lengths []int, least int) bool {
	for i := range sets {
		s := &sets[i]
		if slices.ContainsFunc(s.ValueSets, func(url string) bool { return strings.HasPrefix(url, "#") }) {
			return false
		}
		if len(s.Concepts) < least {
			continue
		}
		if s.System == "" || len(s.Filters) > 0 || slices.ContainsFunc(s.Concepts, func(c ConceptReference) bool {
			return c.Display != "" || len(c.Designations) > 0 || len(c.Extensions) > 0
		}) {
			return false
		}
		lengths[i], s.Concepts = len(s.Concepts), nil
	}
	return true
}

// detach copies all strings, and all that has any, so that nothing of a text is kept.
func detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Clone(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			to := reflect.New(v.Type().Elem())
			to.Elem().Set(v.Elem())
			detach(to.Elem())
			v.Set(to)
		}
	case reflect.Slice:
		if !v.IsNil() {
			to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(to, v)
			for i := range to.Len() {
				detach(to.Index(i))
			}
			v.Set(to)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				detach(v.Field(i))
			}
		}
	}
}
