package operation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// MapFault is something that a map is checked for.
type MapFault uint8

// The faults, and last the remarks: what is worth a look and need not be wrong.
const (
	TargetUnknown  MapFault = iota // the code system of the target has no such code
	TargetInactive                 // it is inactive
	TargetNotValid                 // it is not valid on the day
	SourceUnknown
	SourceInactive
	SourceNotValid
	BadRule   // the rule cannot be read
	Cycle     // what replaces a code is replaced by it
	Undecided // several targets of a source, and no rule between them; a remark
	mapFaults // how many there are
)

var faultNames = [mapFaults]string{"target-unknown", "target-inactive", "target-not-valid", "source-unknown", "source-inactive", "source-not-valid", "bad-rule", "cycle", "undecided"}

// MapFaults returns all faults, in the order in which they are shown.
func MapFaults() []MapFault {
	list := make([]MapFault, mapFaults)
	for i := range list {
		list[i] = MapFault(i)
	}
	return list
}

// String returns the name of the fault for programs, such as target-unknown.
func (f MapFault) String() string { return faultNames[f] }

// IsRemark reports whether the fault need not be wrong.
func (f MapFault) IsRemark() bool { return f == Undecided }

// MapFinding is a fault of one row.
type MapFinding struct {
	Fault MapFault
	Row   terminology.Mapping
	Text  string // what is wrong, for people
}

// MapCheckRequest asks for a check of maps.
type MapCheckRequest struct {
	// Maps are those to check: by id, URL, or name of the release, each with "|" and a
	// version or without. None: every map of the releases that answer when no version is
	// asked for.
	Maps []string
	// Date is the day on which codes are to be valid, and by which versions are chosen. 0:
	// codes are to be active in the versions that answer.
	Date terminology.Date
	// Finding is told each finding, in the order of the map; nil: they are only counted.
	// Its error ends the check.
	Finding func(*MapCheck, MapFinding) error
	// Progress is told now and then how many rows of how many have been checked.
	Progress func(m *MapCheck, done, total int)
}

// MapCheck is what was found of one map.
type MapCheck struct {
	Release terminology.Release // that holds it
	Map     terminology.MapInfo
	// Source and Target are the releases that its codes were looked up in; nil: none of the
	// code system is installed, and nothing is known of them.
	Source, Target *terminology.Release
	Overridden     int // rows that others of a higher layer stand for; they are not checked
	Counts         [mapFaults]int
}

// Faults returns how many findings are wrong, without remarks.
func (c *MapCheck) Faults() int {
	n := 0
	for f, count := range c.Counts {
		if !MapFault(f).IsRemark() {
			n += count
		}
	}
	return n
}

// errNoWalker is a fault of ours.
var errNoWalker = errors.New("the maps of this release cannot be walked through")

// CheckMaps checks maps row by row. A code system that is not installed is no fault. The
// error is NotFound for a map that is not installed.
func (s *Service) CheckMaps(ctx context.Context, req MapCheckRequest) ([]*MapCheck, error) {
	snap := s.acquireOn(language.Preference{}, req.Date)
	defer snap.LetGo()
	var list []*MapCheck
	named := make([]bool, len(req.Maps))
	for _, r := range snap.Releases {
		for _, m := range r.Release.Maps {
			if !wantsMap(snap, r, m, req.Maps, named) {
				continue
			}
			if err := r.Ready(); err != nil {
				return list, err
			}
			c := &mapCheck{MapCheck: &MapCheck{Release: r.Release, Map: m}, ctx: ctx, req: &req, day: req.Date}
			if err := c.open(snap, r); err != nil {
				return list, err
			}
			if err := c.run(r); err != nil {
				return list, err
			}
			list = append(list, c.MapCheck)
		}
	}
	if i := slices.Index(named, false); i >= 0 {
		return list, &terminology.Error{Op: "operation.CheckMaps", Kind: terminology.NotFound, Err: fmt.Errorf("no map %s is installed: kodeks maps lists those that are", req.Maps[i])}
	}
	return list, nil
}

// wantsMap reports whether a map is to be checked, and notes by which name.
func wantsMap(snap *snapshot, r *catalog.Installed, m terminology.MapInfo, names []string, named []bool) bool {
	answers := snap.Default(r) || !r.HasCodeSystem() && r.Release.Kind == terminology.KindResources
	wanted := len(names) == 0 && answers
	for i, name := range names {
		name, version, pinned := strings.Cut(name, "|")
		if pinned && version != r.Release.Version && version != r.Release.Date || !pinned && !answers {
			continue
		}
		if name == m.ID || name == m.URL || strings.EqualFold(name, r.Release.Name) {
			named[i], wanted = true, true
		}
	}
	return wanted
}

// mapCheck is the check of one map.
type mapCheck struct {
	*MapCheck
	ctx            context.Context
	req            *MapCheckRequest
	day            terminology.Date
	source, target *codeCheck
	rules          map[string]error // of each rule that was read
	done           int
	replaced       map[string][]terminology.Mapping // of a map within a code system
}

// open finds the releases at the ends of the map.
func (c *mapCheck) open(snap *snapshot, r *catalog.Installed) (err error) {
	if c.source, err = newCodeCheck(snap, r, c.Map.Source); err != nil {
		return err
	}
	if c.target, err = newCodeCheck(snap, r, c.Map.Target); err != nil {
		return err
	}
	if c.source != nil {
		c.Source = &c.source.release.Release
	}
	if c.target != nil {
		c.Target = &c.target.release.Release
	}
	if c.Map.Source == c.Map.Target {
		c.replaced = map[string][]terminology.Mapping{}
	}
	return nil
}

// progressEvery is how many rows are checked before progress is told.
const progressEvery = 4096

func (c *mapCheck) run(r *catalog.Installed) error {
	walker, ok := r.Maps.(terminology.MapWalker)
	if !ok {
		return &terminology.Error{Op: "operation.CheckMaps", Err: errNoWalker}
	}
	told := 0
	for rows, err := range walker.All(c.Map.ID) {
		if err == nil && c.ctx.Err() != nil {
			err = &terminology.Error{Op: "operation.CheckMaps", Kind: terminology.Unavailable, Err: context.Cause(c.ctx)}
		}
		if err == nil {
			err = c.rows(rows)
		}
		if err != nil {
			return err
		}
		if c.done += len(rows); c.req.Progress != nil && c.done-told >= progressEvery {
			told = c.done
			c.req.Progress(c.MapCheck, c.done, c.Map.Rows)
		}
	}
	if err := c.cycles(); err != nil {
		return err
	}
	if c.req.Progress != nil {
		c.req.Progress(c.MapCheck, c.done, c.Map.Rows)
	}
	return nil
}

// rows checks the rows of one source.
func (c *mapCheck) rows(rows []terminology.Mapping) error {
	top := uint8(0)
	for i := range rows {
		top = max(top, rows[i].Layer)
	}
	all := len(rows)
	rows = slices.DeleteFunc(rows, func(m terminology.Mapping) bool { return m.Layer < top })
	c.Overridden += all - len(rows)
	// A code that is replaced is meant to be inactive, or gone.
	if c.source != nil && c.replaced == nil {
		if fault, text := c.source.check(rows[0].Source, c.day, SourceUnknown); text != "" {
			if err := c.found(fault, &rows[0], text); err != nil {
				return err
			}
		}
	}
	for i := range rows {
		if err := c.row(&rows[i]); err != nil {
			return err
		}
	}
	if c.replaced != nil {
		c.replaced[rows[0].Source] = rows
	}
	return c.undecided(rows)
}

// row checks the target and the rule of a row.
func (c *mapCheck) row(m *terminology.Mapping) error {
	if m.Target != "" && c.target != nil {
		if fault, text := c.target.check(m.Target, c.day, TargetUnknown); text != "" {
			if err := c.found(fault, m, text); err != nil {
				return err
			}
		}
	}
	if m.Rule == "" {
		return nil
	}
	wrong, ok := c.rules[m.Rule]
	if !ok {
		_, wrong = conceptmap.ParseRule(m.Rule)
		if c.rules == nil {
			c.rules = map[string]error{}
		}
		c.rules[m.Rule] = wrong
	}
	if wrong == nil {
		return nil
	}
	return c.found(BadRule, m, fmt.Sprintf("the rule %q: %s", m.Rule, terminology.Message(wrong)))
}

// undecided finds groups of rows of which one that always applies comes before another.
func (c *mapCheck) undecided(rows []terminology.Mapping) error {
	var always *terminology.Mapping // of the group
	for i := range rows {
		m := &rows[i]
		if i > 0 && rows[i-1].Group != m.Group {
			always = nil
		}
		switch {
		case m.Target == "":
		case always != nil && always.Target != m.Target:
			text := fmt.Sprintf("%s leads to %s and to %s, and no rule tells which", m.Source, always.Target, m.Target)
			if err := c.found(Undecided, m, text); err != nil {
				return err
			}
			for i+1 < len(rows) && rows[i+1].Group == m.Group { // one finding a group
				i++
			}
			return c.undecided(rows[i+1:])
		case always == nil && isAlways(m):
			always = m
		}
	}
	return nil
}

// isAlways reports whether a row applies to everyone.
func isAlways(m *terminology.Mapping) bool {
	if len(m.DependsOn) > 0 {
		return false
	}
	rule, err := conceptmap.ParseRule(m.Rule)
	return err == nil && rule.Always()
}

// found counts a finding and tells it.
func (c *mapCheck) found(f MapFault, m *terminology.Mapping, text string) error {
	c.Counts[f]++
	if c.req.Finding == nil {
		return nil
	}
	return c.req.Finding(c.MapCheck, MapFinding{f, *m, text})
}
