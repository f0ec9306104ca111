package claml

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
)

// value is one ModifierClass: a value that a modifier may have.
type value struct {
	class
	modifier string
	not      []applied // values of modifiers before it that exclude it
}

// applied is a value of a modifier that made a code.
type applied struct{ modifier, value string }

// modifiedBy is a modifier of a class; valid are its values there, all when nil.
type modifiedBy struct {
	line     int
	modifier string
	valid    []string
}

// The most codes that the modifiers of a file may make, bytes of their rubrics together,
// and values of one modifier.
const (
	maxMade   = 200_000
	maxText   = 256 << 20
	maxValues = 1000
)

// metaExclude names a value of an earlier modifier after which this one is not used.
const metaExclude = "excludeOnPrecedingModifier"

// readModifiedBy reads a ModifiedBy. It means all values unless it says all="false".
func readModifiedBy(e *markup.Element) (modifiedBy, error) {
	by := modifiedBy{line: e.Line(), modifier: e.Attr("code")}
	err := e.Each(func(valid *markup.Element) error {
		if valid.Name == "ValidModifierClass" {
			by.valid = append(by.valid, valid.Attr("code"))
		}
		return nil
	})
	switch e.Attr("all") {
	case "false":
		if by.valid == nil {
			by.valid = []string{}
		}
	case "true", "":
		if e.Attr("all") == "true" {
			by.valid = nil
		}
	default:
		return by, e.Bad("all", "%q, want true or false", e.Attr("all"))
	}
	return by, err
}

// value reads a ModifierClass.
func (f *classes) value(e *markup.Element) error {
	v := &value{modifier: e.Attr("modifier")}
	v.line, v.code, v.usage = e.Line(), e.Attr("code"), usage(e.Attr("usage"))
	if v.modifier == "" || v.code == "" {
		return e.Bad("", "needs the attributes modifier and code")
	}
	err := e.Each(func(part *markup.Element) error {
		switch part.Name {
		case "Rubric":
			return f.rubric(part, &v.rubrics)
		case "Meta":
			name, text := part.Attr("name"), part.Attr("value")
			if modifier, code, ok := strings.Cut(text, " "); name == metaExclude && ok {
				v.not = append(v.not, applied{modifier, digits(code)})
			} else {
				v.metas = append(v.metas, meta{name, text})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(f.values[v.modifier]) == maxValues {
		return e.Bad("modifier", "modifier %s has more than %d values", v.modifier, maxValues)
	}
	for _, other := range f.values[v.modifier] {
		if digits(other.code) == digits(v.code) {
			return e.Bad("code", "value %s of modifier %s is given twice: also on line %d", v.code, v.modifier, other.line)
		}
	}
	if preferred(v.rubrics) == "" {
		return e.Bad("", "value %s of modifier %s has no preferred rubric", v.code, v.modifier)
	}
	f.values[v.modifier] = append(f.values[v.modifier], v)
	return nil
}

// digits is what a value adds to a code. Whether it is written with a dot depends on
// the edition: WHO leaves it out of some that need it, and writes it in others.
func digits(code string) string { return strings.ReplaceAll(code, ".", "") }

// place is the character of a code that a modifier is about, as the end of its name
// says (S05F10_4); 0 when it does not.
func place(modifier string) int {
	if n := len(modifier); n > 2 && modifier[n-2] == '_' && modifier[n-1] >= '4' && modifier[n-1] <= '7' {
		return int(modifier[n-1] - '0')
	}
	return 0
}

// modifiersOf returns the modifiers of a class that has no classes below: its own
// and those of the classes above, but for what is excluded on the way, in the order
// in which they apply.
func (f *classes) modifiersOf(c *class) []modifiedBy {
	var found []modifiedBy
	excluded, taken := map[string]bool{}, map[string]bool{}
	for level := 0; c != nil && level < markup.MaxDepth; level++ {
		for _, by := range c.modifiedBy {
			if !excluded[by.modifier] && !taken[by.modifier] {
				taken[by.modifier] = true
				found = append(found, by)
			}
		}
		for _, name := range c.notModified {
			excluded[name] = true
		}
		var above *class
		if len(c.parents) > 0 {
			above = f.byCode[c.parents[0]]
		}
		c = above
	}
	slices.SortStableFunc(found, func(x, y modifiedBy) int { return cmp.Compare(place(x.modifier), place(y.modifier)) })
	return found
}

// modify makes the codes that modifiers say, below every class that is modified and
// has none below it.
func (e *emitter) modify() error {
	above := map[string]bool{}
	for _, c := range e.list {
		for _, parent := range c.parents {
			above[parent] = true
		}
	}
	for _, c := range slices.Clone(e.list) {
		if above[c.code] || !e.category(c) {
			continue
		}
		made := []made{{class: c}}
		for _, by := range e.modifiersOf(c) {
			next, err := e.apply(made, by)
			if err != nil {
				return err
			}
			if len(next) > 0 {
				made = next
			}
		}
	}
	return nil
}

// made is a code and the values that made it.
type made struct {
	*class
	by []applied
}

// apply makes a code of each of from and each value of a modifier.
func (e *emitter) apply(from []made, by modifiedBy) ([]made, error) {
	values := e.values[by.modifier]
	for _, code := range by.valid {
		if !slices.ContainsFunc(values, func(v *value) bool { return digits(v.code) == digits(code) }) {
			return nil, e.to.Bad(e.bad(by.line, "ValidModifierClass", "modifier %s has no value %s", by.modifier, code))
		}
	}
	if len(values) == 0 {
		return nil, e.to.Bad(e.bad(by.line, "ModifiedBy", "modifier %s has no values in the file", by.modifier))
	}
	var next []made
	for _, base := range from {
		for _, v := range values {
			code, ok := modified(base.code, v)
			if !ok || !by.allows(v) || slices.ContainsFunc(base.by, func(a applied) bool { return slices.Contains(v.not, a) }) {
				continue
			}
			if _, exists := e.folded[strings.ToLower(code)]; exists {
				continue // the file says this code itself
			}
			if e.made++; e.made > maxMade {
				return nil, e.bad(by.line, "ModifiedBy", "the modifiers make more than %d codes", maxMade)
			}
			c := combine(base.class, v, code)
			for _, r := range c.rubrics {
				e.size += len(r.text)
			}
			if e.size > maxText {
				return nil, e.bad(by.line, "ModifiedBy", "the codes that the modifiers make have rubrics of more than %d MiB", maxText>>20)
			}
			e.add(c)
			next = append(next, made{c, append(slices.Clone(base.by), applied{v.modifier, digits(v.code)})})
		}
	}
	return next, nil
}

func (by modifiedBy) allows(v *value) bool {
	return by.valid == nil || slices.ContainsFunc(by.valid, func(code string) bool { return digits(code) == digits(v.code) })
}

// modified returns the code that a value makes of another; false when the character
// that the modifier is about is taken. A character before it that a code lacks is an
// X: M45 in the fifth is M45.X0.
func modified(code string, v *value) (string, bool) {
	stem := digits(code)
	if at := place(v.modifier); at > 0 {
		if len(stem) >= at {
			return "", false
		}
		for len(stem) < at-1 {
			stem += "X"
		}
	}
	stem += digits(v.code)
	if len(stem) <= 3 {
		return stem, true
	}
	return stem[:3] + "." + stem[3:], true
}

// combine is the class of a code that a value made: "base: value" in each language.
func combine(base *class, v *value, code string) *class {
	c := &class{line: v.line, code: code, kind: base.kind, usage: cmp.Or(v.usage, base.usage), parents: []string{base.code}, metas: v.metas}
	for _, r := range v.rubrics {
		if r.kind == kindPreferred {
			if head := inLanguage(base.rubrics, r.language); head != "" {
				r.text = head + ": " + r.text
			}
		}
		c.rubrics = append(c.rubrics, r)
	}
	return c
}

// inLanguage returns the preferred text in a language, or the first of all.
func inLanguage(rubrics []rubric, language string) string {
	for _, r := range rubrics {
		if r.kind == kindPreferred && r.language == language {
			return r.text
		}
	}
	return preferred(rubrics)
}
