package orpha

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of Orphanet's nomenclature.
const System = "https://www.orpha.net"

// rootName is the first element of all files of Orphadata.
const rootName = "JDBOR"

// Match reports whether the first element of a file is that of Orphadata.
func Match(root markup.Root) bool { return root.Name == rootName }

// Source reads one release from the files of Orphadata that are given together.
type Source struct {
	files   []terminology.SourceFile
	version string
	opts    terminology.SourceOptions
}

// NewSource returns the source of files, of which each is a list of disorders or a
// classification. The error is Invalid for a file that is neither.
func NewSource(files []terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "orpha.NewSource"
	s := &Source{opts: o}
	var lists, classes []terminology.SourceFile
	for _, file := range files {
		h, err := readHead(file)
		if err == nil && h.holds == "" {
			err = fmt.Errorf("%s: not a list of disorders (product 1) or a classification (product 3) of Orphadata: leave it out", file.Name)
		}
		if err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
		if h.holds == classificationList {
			classes = append(classes, file)
		} else {
			lists = append(lists, file)
		}
		if h.day > s.version {
			s.version = h.day
		}
	}
	if len(files) == 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("no files")}
	}
	s.files = append(lists, classes...)
	return s, nil
}

// The elements that hold what we read.
const (
	disorderList       = "DisorderList"
	classificationList = "ClassificationList"
)

// otherProducts are elements of disorders in files of Orphadata that we do not read:
// genes, prevalence, natural history, phenotypes, disability.
var otherProducts = map[string]bool{"DisorderGeneAssociationList": true, "PrevalenceList": true, "AverageAgeOfOnsetList": true,
	"HPODisorderAssociationList": true, "DisabilityDisorderAssociationList": true, "DisorderDisabilityRelevances": true}

// head is what the start of a file tells.
type head struct {
	holds string // disorderList, classificationList; "" is something else
	day   string // of the data, yyyy-mm-dd; "" when it does not say
}

// errEnough ends the reading of a file that is known.
var errEnough = errors.New("enough")

// readHead reads a file up to the end of its first disorder.
func readHead(file terminology.SourceFile) (head, error) {
	h := head{}
	err := markup.Scan(context.Background(), file, silent{}, func(root *markup.Element) error {
		if root.Name != rootName {
			return errEnough
		}
		if day, _, _ := strings.Cut(root.Attr("date"), " "); day != "" {
			if d, ok := tabular.ParseDay(day); ok {
				h.day = d.String()
			}
		}
		return root.Each(func(e *markup.Element) error {
			switch e.Name {
			case classificationList:
				h.holds = e.Name
				return errEnough
			case disorderList:
				h.holds = e.Name
				return e.Each(func(disorder *markup.Element) error {
					err := disorder.Each(func(part *markup.Element) error {
						if otherProducts[part.Name] {
							h.holds = ""
							return errEnough
						}
						return nil
					})
					if err == nil {
						err = errEnough
					}
					return err
				})
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, errEnough) {
		return h, err
	}
	return h, nil
}

// silent is a sink for what is read before a source is asked to read.
type silent struct{ terminology.Sink }

// Read is not told.
func (silent) Read(string, int) {}

// Release returns the identity of the release; its version is the day of the data.
func (s *Source) Release() terminology.Release {
	version := s.version
	if version == "" {
		version = s.opts.Version
	}
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "orphanet", System: System, Version: version, Date: version,
		Title: "Orphanet, sjeldne sykdommer", Language: "en",
	}
}

// Files returns the files, lists of disorders first.
func (s *Source) Files() []terminology.SourceFile { return s.files }

// Read says the files to the sink. All are read before the first concept is said.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	r := newReader(to)
	r.release = s.Release()
	for _, file := range s.files {
		r.file, r.count = file.Name, 0
		err := markup.Scan(ctx, file, to, func(root *markup.Element) error {
			return root.Each(func(e *markup.Element) error {
				switch e.Name {
				case disorderList:
					return r.list(e, "Disorder", r.disorder)
				case classificationList:
					return r.list(e, "Classification", r.classification)
				}
				return nil // licence, availability
			})
		})
		if err != nil {
			return s.Release(), err
		}
		to.Count(file.Name, r.count)
		if r.count == 0 {
			if err := to.Bad(&terminology.RowError{File: file.Name, Err: errors.New("the file holds no disorders")}); err != nil {
				return s.Release(), err
			}
		}
	}
	return s.Release(), r.say(ctx)
}
