package rf2

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// invalidError is about the packages that were given, not about us.
type invalidError struct{ error }

func invalid(format string, args ...any) error { return invalidError{fmt.Errorf(format, args...)} }

var errNoConceptFile = errors.New("found no concept file")

// open finds out which edition and version the source is, and which rows it is made
// of.
func (s *Source) open(ctx context.Context) error {
	var asked snomed.Edition
	var err error
	if s.o.VersionURI != "" {
		if asked, err = snomed.ParseEdition(s.o.VersionURI); err != nil {
			return err
		}
	}
	r, err := s.look(ctx)
	if err != nil {
		return err
	}
	found := s.history.at(nil).edition()
	s.edition = asked
	if asked.Module == 0 {
		s.edition.Module = found.Module
	}
	versions := s.history.versions(s.edition.Module)
	other := asked.Date != 0 && len(versions) > 0 && asked.Date != versions[len(versions)-1]
	if other && !r.isFull() && slices.ContainsFunc(s.packages, func(p *Package) bool { return p.has(Full) }) {
		if r, versions, err = s.lookInFull(ctx, asked, versions); err != nil {
			return err
		}
	}
	if err := s.version(ctx, r, found, versions); err != nil {
		return err
	}
	if asked.Module == 0 {
		s.edition.Experimental = s.edition.Experimental || snomed.KnownExperimental(s.edition.Module) || s.beta()
	}
	if r.isFull() {
		switch day := s.day(); {
		case len(versions) > 0:
			s.limits = s.history.limits(s.edition)
		case day != 0:
			s.limits = &limits{rest: day}
		}
	}
	s.deps = s.history.at(s.limits)
	return nil
}

// look chooses the files and reads the module dependency files.
func (s *Source) look(ctx context.Context) (*reading, error) {
	r, err := s.reading(discard{})
	if err != nil {
		return nil, invalidError{err}
	}
	if len(r.files[Concept]) == 0 {
		return nil, invalid("%s: %w: give it together with the edition it belongs to, in one import", s.names(), errNoConceptFile)
	}
	h, err := r.readHistory(ctx)
	if err != nil {
		return nil, err
	}
	s.history, err = r.withDeltas(ctx, h)
	return r, err
}

// lookInFull looks for a version that the Snapshots are not in the Fulls beside
// them.
func (s *Source) lookInFull(ctx context.Context, asked snomed.Edition, versions []terminology.Date) (*reading, []terminology.Date, error) {
	for _, p := range s.packages {
		if p.has(Snapshot) && !p.has(Full) {
			return nil, nil, invalid("%s: found the Snapshot of version %s, want version %s of %s: give the Full, or leave the version out",
				p.Name, versions[len(versions)-1].Compact(), asked.Date.Compact(), snomed.Edition{Module: s.edition.Module}.Title())
		}
	}
	s.full = true
	r, err := s.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	return r, s.history.versions(s.edition.Module), nil
}

// version sets the module and date of the edition as far as they were not asked for.
// found is the newest edition in the files, versions those of the edition asked for.
func (s *Source) version(ctx context.Context, r *reading, found snomed.Edition, versions []terminology.Date) error {
	if found.Module == 0 {
		var err error
		if found, err = r.editionOfConcepts(ctx, s.o.Date); err != nil {
			return err
		}
		if s.edition.Module == 0 {
			s.edition.Module = found.Module
		}
	}
	switch {
	case len(versions) == 0:
		if s.edition.Date == 0 {
			s.edition.Date = found.Date
		}
	case s.edition.Date != 0:
		if r.isFull() && !slices.Contains(versions, s.edition.Date) {
			return invalid("%s: found no version %s of %s; its versions are %s", s.names(), s.edition.Date.Compact(), snomed.Edition{Module: s.edition.Module}.Title(), dateList(versions))
		}
	case s.o.Date != 0:
		i, exact := slices.BinarySearch(versions, s.o.Date)
		if !exact {
			i--
		}
		if i < 0 {
			return invalid("%s: found no version of %s or before; its versions are %s", s.names(), s.o.Date.Compact(), dateList(versions))
		}
		s.edition.Date = versions[i]
	default:
		s.edition.Date = versions[len(versions)-1]
	}
	return nil
}

// isFull reports whether a Full is among the files.
func (r *reading) isFull() bool {
	return slices.ContainsFunc(r.files[Concept], func(f *File) bool { return f.Form == Full })
}

// day returns the day whose state is asked for, 0 for the latest.
func (s *Source) day() terminology.Date {
	if s.o.Date != 0 {
		return s.o.Date
	}
	asked, _ := snomed.ParseEdition(s.o.VersionURI) // "" asks for nothing; others were checked
	return asked.Date
}

// dateList writes dates for a message, the first and last when there are many.
func dateList(dates []terminology.Date) string {
	words := make([]string, len(dates))
	for i, d := range dates {
		words[i] = d.Compact()
	}
	const ends = 4
	if n := len(words); n > 3*ends {
		return strings.Join(words[:ends], ", ") + ", … " + strings.Join(words[n-2*ends:], ", ")
	}
	return strings.Join(words, ", ")
}

// Versions returns the versions that the packages hold, oldest first: of a Full,
// every date at which the edition's module says a version of itself or, when it says
// none, at which rows of its own modules changed; of Snapshots the one.
func (s *Source) Versions() ([]terminology.Date, error) {
	const op = "rf2.Versions"
	all := Source{packages: s.packages, o: s.o, full: true}
	r, err := all.reading(discard{})
	if err != nil || !r.isFull() { // some package has no Full
		if r, err = s.reading(discard{}); err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
		if !r.isFull() {
			return []terminology.Date{s.edition.Date}, nil
		}
	}
	h, err := r.readHistory(context.Background())
	if err == nil {
		h, err = r.withDeltas(context.Background(), h)
	}
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	if list := h.versions(s.edition.Module); len(list) > 0 {
		return list, nil
	}
	own := []snomed.ID{s.edition.Module}
	if s.edition.Module == snomed.CoreModule {
		own = append(own, snomed.ModelModule)
	}
	list, err := r.datesOf(context.Background(), own...)
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	return list, nil
}

// At returns the source of another version of the same packages, one of Versions.
// The error is Invalid when they do not have it.
func (s *Source) At(version terminology.Date) (*Source, error) {
	if version == s.edition.Date {
		return s, nil
	}
	if len(s.history.versions(s.edition.Module)) == 0 { // else it is checked on opening
		known, err := s.Versions()
		if err != nil {
			return nil, err
		}
		if !slices.Contains(known, version) {
			return nil, &terminology.Error{Op: "rf2.At", Kind: terminology.Invalid, Err: fmt.Errorf("%s: found no version %s; its versions are %s", s.names(), version.Compact(), dateList(known))}
		}
	}
	e := s.edition
	e.Date = version
	return newSource(s.packages, Options{VersionURI: e.String(), LenientIDs: s.o.LenientIDs}, true)
}
