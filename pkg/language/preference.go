package language

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Preference is the languages that a client wants to read, best first. The zero
// Preference wants what the server shows by default.
type Preference struct {
	tags    []Tag
	refused []Tag // ;q=0
	any     bool  // *: any other language is as right as one that is named
	hard    bool  // *;q=0: no fallback beyond the tags
}

// maxTags is how many languages one list may name, so that no header is expensive.
const maxTags = 100

// Of returns the preference for the given tags, best first.
func Of(tags ...Tag) Preference { return Preference{tags: tags} }

// Equal reports whether two preferences want the same.
func (p Preference) Equal(q Preference) bool {
	return p.hard == q.hard && p.any == q.any && slices.Equal(p.tags, q.tags) && slices.Equal(p.refused, q.refused)
}

// Parse reads a priority list in the form of Accept-Language (RFC 9110, 12.5.4):
// "nn, nb;q=0.8, *;q=0.1". A single tag is a list of one. "en;q=0" refuses a language, "*;q=0"
// every language that is not named, and so the fallback. The error is Invalid and names
// the tag that is wrong.
func Parse(list string) (Preference, error) {
	const op = "language.Parse"
	type entry struct {
		tag Tag
		q   float64
	}
	var entries []entry
	p := Preference{}
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, params, _ := strings.Cut(part, ";")
		tag, ok := ParseTag(name)
		if !ok {
			return p, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%q is not a language tag, want one such as nb, nn-NO or en", strings.TrimSpace(name))}
		}
		q := 1.0
		if params = strings.TrimSpace(params); params != "" {
			name, value, _ := strings.Cut(params, "=")
			var err error
			if q, err = strconv.ParseFloat(value, 64); !strings.EqualFold(name, "q") || err != nil || !(q >= 0 && q <= 1) { // NaN too
				return p, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%q: want a weight such as ;q=0.5 after the language", part)}
			}
		}
		p.any = p.any || tag == Any && q > 0
		if q == 0 {
			if p.hard = p.hard || tag == Any; tag != Any && len(p.refused) < maxTags {
				p.refused = append(p.refused, tag)
			}
			continue
		}
		if len(entries) == maxTags {
			return p, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("more than %d languages", maxTags)}
		}
		entries = append(entries, entry{tag, q})
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		switch {
		case a.q > b.q:
			return -1
		case a.q < b.q:
			return 1
		}
		return 0
	})
	for _, e := range entries {
		if e.tag != Any && !slices.Contains(p.tags, e.tag) {
			p.tags = append(p.tags, e.tag)
		}
	}
	return p, nil
}

// IsZero reports whether the client asked for no language at all.
func (p Preference) IsZero() bool { return len(p.tags) == 0 }

// Tags returns the languages that were asked for, best first.
func (p Preference) Tags() []Tag { return p.tags }

// Accepts reports whether a text in a language is what the client asks for: in one of the
// languages that it names, whatever the region, or in any that it does not refuse when it
// names none or takes any (RFC 9110, 12.5.4).
func (p Preference) Accepts(tag Tag) bool {
	if slices.ContainsFunc(p.tags, func(t Tag) bool { return t.Primary() == tag.Primary() }) {
		return true
	}
	return (p.any || len(p.tags) == 0) && !p.refuses(tag)
}

// refuses reports whether a language is refused, alone or with all its regions.
func (p Preference) refuses(tag Tag) bool {
	return slices.Contains(p.refused, tag) || slices.Contains(p.refused, tag.Primary())
}

// NoFallback returns p without fallback: a concept without a term in the asked
// languages then has none.
func (p Preference) NoFallback() Preference {
	p.hard = true
	return p
}

// Or returns p, or q when p asks for no language.
func (p Preference) Or(q Preference) Preference {
	if p.IsZero() {
		return q
	}
	return p
}

// String returns the priority list, best first.
func (p Preference) String() string {
	parts := make([]string, len(p.tags))
	for i, t := range p.tags {
		parts[i] = string(t)
	}
	return strings.Join(parts, ", ")
}
