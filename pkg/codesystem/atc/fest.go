package atc

import (
	"context"
	"errors"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// oid is the code system of the Atc elements of FEST.
const oid = "2.16.578.1.12.4.1.1.7180"

// MatchXML reports whether the first element of a file is that of FEST, or of an
// entry about a medicine out of it.
func MatchXML(root markup.Root) bool {
	return root.Name == "FEST" || strings.HasPrefix(root.Name, "OppfLegemiddel")
}

// errEnough ends the reading of a file that is known.
var errEnough = errors.New("enough")

// fetched returns the day on which FEST was fetched, which it says first, and "" when
// it does not.
func fetched(file terminology.SourceFile) (day string, err error) {
	err = markup.Scan(context.Background(), file, silent{}, func(root *markup.Element) error {
		return root.Each(func(e *markup.Element) error {
			if e.Name != "HentetDato" {
				return errEnough
			}
			text, err := e.Text()
			if d, ok := tabular.ParseDay(text); ok {
				day = d.String()
			}
			return err
		})
	})
	if err != nil && !errors.Is(err, errEnough) {
		return "", err
	}
	return day, nil
}

// silent is a sink for what is read before a source is asked to read.
type silent struct{ terminology.Sink }

// Read is not told.
func (silent) Read(string, int) {}

// fest reads the Atc elements of FEST, wherever they stand.
func (c *codes) fest(ctx context.Context, in input) error {
	err := markup.Scan(ctx, in.SourceFile, c.to, c.inside)
	c.to.Count(in.Name, c.count)
	return err
}

func (c *codes) inside(e *markup.Element) error {
	return e.Each(func(child *markup.Element) error {
		if child.Name != "Atc" {
			return c.inside(child)
		}
		code, system := child.Attr("V"), strings.TrimPrefix(child.Attr("S"), "urn:oid:")
		switch {
		case system != "" && system != oid:
			return c.leftOut(child.Line(), code, "is of the code system "+system+", not of ATC")
		case foreign(code) != "":
			return c.leftOut(child.Line(), code, foreign(code))
		case level(code) == 0:
			return c.to.Bad(child.Bad("V", "%q is not an ATC code", code))
		}
		if bad := c.add(code, child.Attr("DN"), child.Line()); bad != nil {
			return c.to.Bad(bad)
		}
		return nil
	})
}

// leftOut tells the sink once of each code that is not of ATC.
func (c *codes) leftOut(line int, code, why string) error {
	if c.told[code] {
		return nil
	}
	if len(c.told) < maxTold && len(code) <= maxShown {
		c.told[code] = true
	}
	c.to.Repaired(c.row(line, "%.*s %s: left out", maxShown, code, why))
	return nil
}

// maxTold is how many codes that are left out are remembered; more of them are told as
// often as they come. maxShown is how long they are.
const (
	maxTold  = 100_000
	maxShown = 64
)
