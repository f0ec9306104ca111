// Gen writes the Go code of the .proto files of this repository, or tells that
// the code is not the one they make. It needs Go and nothing else: the files are
// compiled in here, and the two plugins are tools of this module.
//
//	go -C proto/gen run .          write api/
//	go -C proto/gen run . -check   fail when api/ is not current
//
// It is a module of its own, so that what generation needs stays out of the
// requirements of Kodeks.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

const (
	source = ".."        // the folder of the .proto files, seen from this one
	target = "../../api" // the folder of the generated code
)

// plugins are the generators, as the tools of this module.
var plugins = []string{"protoc-gen-go", "protoc-gen-go-grpc"}

func main() {
	check := flag.Bool("check", false, "compare with what is there, write nothing")
	flag.Parse()
	if err := run(context.Background(), *check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool) error {
	request, err := compile(ctx)
	if err != nil {
		return err
	}
	current := map[string]bool{}
	for _, plugin := range plugins {
		files, err := generate(ctx, plugin, request)
		if err != nil {
			return fmt.Errorf("%s: %w", plugin, err)
		}
		for _, f := range files {
			name := filepath.Join(target, filepath.FromSlash(f.GetName()))
			current[name] = true
			if err := put(name, []byte(f.GetContent()), check); err != nil {
				return err
			}
		}
	}
	return stale(current, check)
}

// compile reads every .proto file and returns what plugins are asked with.
func compile(ctx context.Context) (*pluginpb.CodeGeneratorRequest, error) {
	var names []string
	err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".proto" {
			name, _ := filepath.Rel(source, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{source}}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(ctx, names...)
	if err != nil {
		return nil, err
	}
	request := &pluginpb.CodeGeneratorRequest{FileToGenerate: names, Parameter: proto.String("paths=source_relative")}
	seen := map[string]bool{}
	for _, f := range files {
		request.ProtoFile = appendFile(request.ProtoFile, f, seen)
	}
	return request, nil
}

// appendFile adds a file after the files that it imports.
func appendFile(to []*descriptorpb.FileDescriptorProto, f protoreflect.FileDescriptor, seen map[string]bool) []*descriptorpb.FileDescriptorProto {
	if seen[f.Path()] {
		return to
	}
	seen[f.Path()] = true
	for i := range f.Imports().Len() {
		to = appendFile(to, f.Imports().Get(i).FileDescriptor, seen)
	}
	return append(to, protoutil.ProtoFromFileDescriptor(f))
}

// generate runs one plugin: a request on its standard input, the files on its
// standard output.
func generate(ctx context.Context, plugin string, request *pluginpb.CodeGeneratorRequest) ([]*pluginpb.CodeGeneratorResponse_File, error) {
	in, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "tool", plugin)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(out.Bytes(), response); err != nil {
		return nil, err
	}
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	return response.GetFile(), nil
}

// put writes a generated file, or compares it.
func put(name string, content []byte, check bool) error {
	was, err := os.ReadFile(name)
	if err == nil && bytes.Equal(was, content) {
		return nil
	}
	if check {
		return fmt.Errorf("%s is not what the .proto files make: run make generate", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}

// stale removes, or reports, generated files that no .proto file makes any more.
func stale(current map[string]bool, check bool) error {
	return filepath.WalkDir(target, func(path string, d fs.DirEntry, err error) error {
		if err != nil || current[path] {
			return err
		}
		if ok, _ := filepath.Match("*.pb.go", d.Name()); !ok {
			return nil
		}
		if check {
			return fmt.Errorf("%s has no .proto file: run make generate", path)
		}
		return os.Remove(path)
	})
}
