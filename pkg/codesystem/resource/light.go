package resource

import "slices"

// LongMembers are the members that a resource can be long by.
var LongMembers = []string{"concept", "compose", "expansion", "group"}

// span is a part of a text.
type span struct{ from, to int }

// Light returns the text of a resource that Parse has read, with nothing in its
// LongMembers: what a list shows of it.
func (r *Resource) Light() []byte {
	var out []byte
	at := 0
	for _, long := range r.long {
		out = append(append(out, r.Raw[at:long.from]...), r.Raw[long.from])
		out = append(out, r.Raw[long.to-1]) // [] or {}
		at = long.to
	}
	return append(out, r.Raw[at:]...)
}

// LightOf is Light of a text.
func LightOf(raw []byte) ([]byte, error) {
	r := &Resource{Raw: raw, line: 1}
	if err := r.parse(true); err != nil {
		return nil, err
	}
	return r.Light(), nil
}

// noted reads a member, and notes where it is when it may be long.
func (r *Resource) noted(s *scanner, key string) {
	from := s.at
	r.member(s, key)
	if s.err == nil && s.at > from && slices.Contains(LongMembers, key) {
		r.long = append(r.long, span{from, s.at})
	}
}
