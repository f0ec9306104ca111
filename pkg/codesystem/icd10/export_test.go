package icd10

import "github.com/kodeks/kodeks/pkg/terminology"

// NewSource is NewSources of one file.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	sources, err := NewSources([]terminology.SourceFile{file}, o)
	if err != nil {
		return nil, err
	}
	return sources[0], nil
}
