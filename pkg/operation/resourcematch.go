package operation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// matchesAll reports whether a resource fits all criteria.
func matchesAll(s *snapshot, r *Resource, criteria []Criterion) (bool, error) {
	for i := range criteria {
		c := &criteria[i]
		fits := false
		for _, v := range c.Values {
			var err error
			if fits, err = matches(s, r, c, v); err != nil {
				return false, err
			}
			if fits {
				break
			}
		}
		if fits == (c.Modifier == "not") {
			return false, nil
		}
	}
	return true, nil
}

// matches reports whether a resource fits one value of a criterion.
func matches(s *snapshot, r *Resource, c *Criterion, value string) (bool, error) {
	switch c.Name {
	case "_id":
		return r.ID == value, nil
	case "url", "system":
		if r.Type == resource.TypeNamingSystem && r.Made != nil {
			return r.Made.Naming.Means(value), nil
		}
		return r.URL == value, nil
	case "version":
		return r.Version == strings.TrimPrefix(value, "|"), nil
	case "name":
		if r.held != nil {
			return textFits(r.Name, r.held.FoldedName, c.Modifier, value), nil
		}
		return textFits(r.Name, language.Fold(r.Name), c.Modifier, value), nil
	case "title":
		if r.held != nil {
			return textFits(r.Title, r.held.FoldedTitle, c.Modifier, value), nil
		}
		return textFits(r.Title, language.Fold(r.Title), c.Modifier, value), nil
	case "status":
		return tokenFits("http://hl7.org/fhir/publication-status", r.Status, value), nil
	case "content", "content-mode":
		return tokenFits("http://hl7.org/fhir/codesystem-content-mode", r.Content, value), nil
	case "supplements":
		url, _, _ := strings.Cut(r.Supplements, "|")
		return r.Supplements == value || url == value, nil
	case "date":
		return dateFits(r.Date, value), nil
	case "_lastUpdated":
		return dateFits(r.Modified.UTC().Format("2006-01-02T15:04:05.000Z"), value), nil
	case "code":
		return s.hasCode(r, value)
	case "kind":
		return tokenFits("http://hl7.org/fhir/namingsystem-type", r.kind(), value), nil
	case "value":
		if n := r.naming(); n != nil {
			return n.Means(value[strings.LastIndexByte(value, '|')+1:]), nil
		}
		return false, nil
	}
	f := r.facts()
	if f == nil {
		return false, nil
	}
	switch c.Name {
	case "publisher":
		return textFits(f.Publisher, language.Fold(f.Publisher), c.Modifier, value), nil
	case "identifier":
		system, id, ok := strings.Cut(value, "|")
		return slices.ContainsFunc(f.Identifiers, func(i resource.Identifier) bool {
			if !ok {
				return i.Value == value
			}
			return i.System == system && (id == "" || i.Value == id)
		}), nil
	case "reference":
		return slices.Contains(f.References, value), nil
	}
	return false, nil
}

// tokenFits compares a code of a code system with code, |code or system|code.
func tokenFits(system, have, value string) bool {
	in, code, ok := strings.Cut(value, "|")
	if !ok {
		return have == value
	}
	return have != "" && (in == system || in == "" && code != "") && (code == "" || have == code)
}

// facts returns what searches ask of the text, nil when there is none, or it cannot be
// read: reading the resource tells why.
func (r *Resource) facts() *catalog.Facts {
	if r.held == nil || r.held.Bad != nil {
		return nil
	}
	f, err := r.held.Facts()
	if err != nil {
		return nil
	}
	return f
}

// kind returns the kind of a NamingSystem.
func (r *Resource) kind() string {
	if r.Made != nil {
		return "codesystem"
	}
	if f := r.facts(); f != nil {
		return f.Kind
	}
	return ""
}

// naming returns what a NamingSystem says.
func (r *Resource) naming() *NamingSystem {
	if r.Made != nil {
		return r.Made.Naming
	}
	f := r.facts()
	if f == nil || len(f.UniqueIDs) == 0 {
		return nil
	}
	n := &NamingSystem{ID: r.ID}
	for _, u := range f.UniqueIDs {
		n.IDs = append(n.IDs, UniqueID{u.Type, strings.TrimPrefix(u.Value, oidPrefix), u.Preferred})
	}
	return n
}

// textFits compares a text as FHIR's string search does: from its beginning, without
// regard to case.
func textFits(text, folded, modifier, value string) bool {
	switch modifier {
	case "exact":
		return text == value
	case "contains":
		return strings.Contains(folded, language.Fold(value))
	}
	return strings.HasPrefix(folded, language.Fold(value))
}

// dateFits compares a date with one that may have a prefix: eq, ne, gt, lt, ge, le. The
// precision of the value counts.
func dateFits(have, value string) bool {
	op := "eq"
	if len(value) > 2 && value[0] >= 'a' {
		op, value = value[:2], value[2:]
	}
	if have == "" {
		return op == "ne"
	}
	n := cmp.Compare(have[:min(len(have), len(value))], value)
	switch op {
	case "eq":
		return n == 0
	case "ne":
		return n != 0
	case "gt", "sa":
		return n > 0
	case "lt", "eb":
		return n < 0
	case "ge":
		return n >= 0
	case "le":
		return n <= 0
	}
	return false
}

// hasCode reports whether a code system has a code, or a value set names it: code, or
// system|code.
func (s *snapshot) hasCode(r *Resource, value string) (bool, error) {
	system, code, ok := strings.Cut(value, "|")
	if !ok {
		system, code = "", value
	}
	isSystem := r.Type == resource.TypeCodeSystem
	if isSystem && system != "" && system != r.URL {
		return false, nil
	}
	if cs := r.codeSystem(s); cs != nil {
		_, has := cs.Find(code)
		return has, nil
	}
	if r.held == nil || r.held.Bad != nil {
		return false, nil
	}
	if isSystem {
		system = ""
	}
	has, err := r.held.Names(system, code)
	if terminology.KindOf(err) == terminology.Corrupt { // reading the resource tells why
		return false, nil
	}
	return has, err
}

// codeSystem returns what answers for the codes of a CodeSystem that is installed; nil of
// one that has none, or that a client wrote, whose codes are listed.
func (r *Resource) codeSystem(s *snapshot) terminology.CodeSystem {
	if r.Type != resource.TypeCodeSystem || r.Written() {
		return nil
	}
	if r.of == nil && !r.Served && (r.held == nil || r.held.Release == nil || !r.held.Release.HasCodeSystem()) {
		return nil
	}
	found, err := s.CodeSystem(r.URL, r.Version)
	if err != nil {
		return nil
	}
	return found.CodeSystem
}
