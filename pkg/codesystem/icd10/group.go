package icd10

import "cmp"

// titled is a chapter or block: its code, the categories that it holds and, of a
// chapter, a Norwegian title.
type titled struct {
	code     string
	from, to string
	title    string
}

// enclosing returns the group directly above a code that has no parent of its
// own: the narrowest block that holds it, else its chapter, else "". The title of a
// block is its range.
func enclosing(code string) (parent, title string) {
	if chapterIndex(code) >= 0 || code == root {
		return "", ""
	}
	from, to := code[:3], code[:3]
	if isBlock(code) {
		to = code[4:]
	}
	best, width := titled{}, 1000
	for _, g := range blocks {
		if w := g.width(); g.code != code && w < width && g.holds(from, to) && (!isBlock(code) || w > (titled{from: from, to: to}).width()) {
			best, width = g, w
		}
	}
	if best.code == "" {
		for _, g := range chapters {
			if g.holds(from, to) {
				best = g
				break
			}
		}
	}
	return best.code, cmp.Or(best.title, best.code)
}

// holds reports whether all categories from..to are in g. The Norwegian external
// causes write a letter for any digit (V0n is V00 to V09); two such categories of
// the same digits (V9s, V9t) are told apart by their letters.
func (g titled) holds(from, to string) bool {
	if g.from == g.to {
		return from == g.from && to == g.to
	}
	return low(from) >= low(g.from) && high(to) <= high(g.to)
}

// width is the number of categories in g.
func (g titled) width() int { return high(g.to) - low(g.from) }

func low(category string) int  { return number(category, 0) }
func high(category string) int { return number(category, 9) }

// number orders categories: A00 is 0, A01 is 1, B00 is 100. A letter in the
// third place counts as digit.
func number(category string, digit int) int {
	n := int(category[0]-'A')*100 + int(category[1]-'0')*10
	if c := category[2]; c <= '9' {
		return n + int(c-'0')
	}
	return n + digit
}
