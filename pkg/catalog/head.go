package catalog

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// headFormat is the version of head and of codeHash. What was written with another one is
// read from its text when a server starts.
const headFormat = 1

// A text of longText bytes or more has in its head what lists show of it, unless that is
// more than maxLight bytes.
const (
	longText = 64 << 10
	maxLight = 8 << 10
)

// maxFactCodes is how many codes of a resource are in its head; of more there is an index
// in the store.
const maxFactCodes = 256

// head is what a server knows of a resource that a client wrote without reading its text.
type head struct {
	Format  int                      `json:"v"`
	Info    terminology.ResourceInfo `json:"info"`
	Facts   Facts                    `json:"facts"`
	Release *terminology.Release     `json:"release,omitempty"` // that it answers for
	Saved   string                   `json:"saved,omitempty"`   // name under which what answers may be saved
	Light   string                   `json:"light,omitempty"`   // of a long text, what lists show of it
}

// Facts are what searches ask of a resource besides its ResourceInfo.
type Facts struct {
	Publisher   string                `json:"publisher,omitempty"`
	Identifiers []resource.Identifier `json:"identifiers,omitempty"`
	Kind        string                `json:"kind,omitempty"`       // of a NamingSystem
	UniqueIDs   []resource.UniqueID   `json:"uniqueIds,omitempty"`  // of a NamingSystem
	References  []string              `json:"references,omitempty"` // of a ValueSet: code systems and value sets that it names
	Codes       []uint64              `json:"codes,omitempty"`      // hashes, sorted, of those it names; nil with Indexed
	Indexed     bool                  `json:"indexed,omitempty"`    // the hashes are in an index of the store
}

// factsOf reads the facts of a resource that was read whole, and the hashes of its codes.
// Nothing of it keeps the text alive.
func factsOf(p *resource.Resource) (Facts, []uint64) {
	f := Facts{Publisher: strings.Clone(p.Publisher)}
	for _, id := range p.Identifiers {
		f.Identifiers = append(f.Identifiers, resource.Identifier{System: strings.Clone(id.System), Value: strings.Clone(id.Value)})
	}
	var codes []uint64
	switch {
	case p.NamingSystem != nil:
		f.Kind = strings.Clone(p.NamingSystem.Kind)
		for _, u := range p.NamingSystem.UniqueIDs {
			f.UniqueIDs = append(f.UniqueIDs, resource.UniqueID{Type: strings.Clone(u.Type), Value: strings.Clone(u.Value), Preferred: u.Preferred})
		}
	case p.CodeSystem != nil:
		p.CodeSystem.Walk(func(c, _ *resource.Concept) bool {
			codes = append(codes, codeHash("", c.Code))
			return true
		})
	case p.ValueSet != nil:
		for _, set := range slices.Concat(p.ValueSet.Include, p.ValueSet.Exclude) {
			for _, ref := range append([]string{set.System}, set.ValueSets...) {
				if ref != "" && !slices.Contains(f.References, ref) {
					f.References = append(f.References, strings.Clone(ref))
				}
			}
		}
		for _, set := range p.ValueSet.Include {
			for _, c := range set.Concepts {
				codes = append(codes, codeHash("", c.Code), codeHash(set.System, c.Code))
			}
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if f.Indexed = len(codes) > maxFactCodes; f.Indexed {
		return f, codes
	}
	f.Codes = codes
	return f, nil
}

// codeHash stands for a code, by itself when system is "".
func codeHash(system, code string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, system)
	_, _ = h.Write([]byte{0})
	_, _ = io.WriteString(h, code)
	return h.Sum64()
}

// packCodes writes sorted hashes one after the other; inPacked looks for one there.
func packCodes(codes []uint64) []byte {
	out := make([]byte, 0, 8*len(codes))
	for _, c := range codes {
		out = binary.BigEndian.AppendUint64(out, c)
	}
	return out
}

func inPacked(packed []byte, code uint64) bool {
	from, to := 0, len(packed)/8
	for from < to {
		switch mid := (from + to) / 2; {
		case binary.BigEndian.Uint64(packed[8*mid:]) < code:
			from = mid + 1
		default:
			to = mid
		}
	}
	return from < len(packed)/8 && binary.BigEndian.Uint64(packed[8*from:]) == code
}

// headOf returns the head of a resource that was read whole, and the index of its codes.
func headOf(p *resource.Resource, answers *Installed) (*head, []byte) {
	facts, codes := factsOf(p)
	h := &head{Format: headFormat, Info: detached(p.Info()), Facts: facts}
	if answers != nil {
		release := answers.Release
		h.Release = &release
	}
	if len(p.Raw) >= longText {
		if light := p.Light(); len(light) <= maxLight {
			h.Light = string(light)
		}
	}
	return h, packCodes(codes)
}

// encode writes the head as the store keeps it.
func (h *head) encode() ([]byte, error) { return json.Marshal(h) }

// detached returns what lists tell without the text that it was read from.
func detached(info terminology.ResourceInfo) terminology.ResourceInfo {
	for _, s := range []*string{&info.Type, &info.ID, &info.URL, &info.Version, &info.Name, &info.Title, &info.Status, &info.Date, &info.Content, &info.Supplements} {
		*s = strings.Clone(*s)
	}
	return info
}

// readHead reads the head of a stored version. Of one that has none it reads the text.
func readHead(v *terminology.StoredResource, text func() ([]byte, error), open func(*resource.Resource) (*Installed, error)) (*head, error) {
	h := &head{}
	if len(v.Head) > 0 && json.Unmarshal(v.Head, h) == nil && h.Format == headFormat {
		return h, nil
	}
	raw, err := text()
	if err != nil {
		return nil, err
	}
	p, err := resource.Parse(raw)
	if err != nil {
		return nil, unreadable(v, err)
	}
	answers, err := open(p)
	if err != nil {
		return nil, unreadable(v, err)
	}
	h, _ = headOf(p, answers)
	if h.Facts.Indexed { // there is no index of it
		h.Facts.Indexed, h.Facts.Codes = false, nil
		_, h.Facts.Codes = factsOf(p)
	}
	return h, nil
}

func unreadable(v *terminology.StoredResource, err error) error {
	return &terminology.Error{Op: "catalog.Open", Kind: terminology.Corrupt, Err: fmt.Errorf("%s/%s, which a client wrote, cannot be read: %w", v.Type, v.ID, err)}
}
