package orpha

import (
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// classification reads a Classification of product 3: nodes inside each other, each
// with a disorder and the nodes below it.
func (r *reader) classification(e *markup.Element) error {
	title := ""
	return e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "Name":
			title, err = part.Text()
		case "ClassificationNodeRootList":
			return r.nodes(part, "", title)
		}
		return err
	})
}

// nodes reads a list of nodes below a parent, "" at the top.
func (r *reader) nodes(e *markup.Element, parent, title string) error {
	n := 0
	err := e.Each(func(node *markup.Element) error {
		if node.Name != "ClassificationNode" {
			return node.Bad("", "want <ClassificationNode>")
		}
		n++
		return r.node(node, parent, title)
	})
	if err != nil {
		return err
	}
	return r.whole(e, n)
}

// node reads one node. Its disorder comes before the nodes below it.
func (r *reader) node(e *markup.Element, parent, title string) error {
	r.count++
	code := ""
	return e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "Disorder":
			if code, err = r.placed(part); err != nil {
				return err
			}
			if parent == "" {
				r.byCode[code].say("classification", title, terminology.ValueString)
			} else if key := [2]string{code, parent}; !r.hasEdge[key] {
				r.hasEdge[key] = true
				r.edges = append(r.edges, edge{r.file, part.Line(), code, parent})
			}
		case "ClassificationNodeChildList":
			if code == "" {
				return part.Bad("", "want <Disorder> before it")
			}
			return r.nodes(part, code, title)
		}
		return err
	})
}

// placed reads the disorder of a node and returns its code. One that no list of
// disorders has said, such as a category of the classification, is added.
func (r *reader) placed(e *markup.Element) (string, error) {
	d := &disorder{file: r.file, line: e.Line()}
	name := term{use: terminology.UseDisplay}
	err := e.Each(func(part *markup.Element) (err error) {
		switch part.Name {
		case "OrphaCode", "OrphaNumber":
			d.code, err = part.Text()
		case "Name":
			name.language = language(part)
			name.text, err = part.Text()
		case "ExpertLink":
			return d.add(part, "expert-link")
		case "DisorderType":
			return d.named(part, "type")
		}
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !isCode(d.code):
		return "", e.Bad("OrphaCode", "%q, want a number", d.code)
	case r.byCode[d.code] != nil:
		return d.code, nil
	case name.text == "":
		return "", e.Bad("Name", "disorder %s has no name", d.code)
	}
	d.terms = []term{name}
	return d.code, r.keep(e, d, name.language)
}
