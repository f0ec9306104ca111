// Fuzz runs every fuzz test of the module for a while, one after the other, and
// ends with the first that finds something.
//
//	go run ./scripts/fuzz -time 30s
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	each := flag.String("time", "30s", "how long to run each fuzz test")
	flag.Parse()
	if err := run(*each); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(each string) error {
	packages, err := exec.Command("go", "list", "./...").Output()
	if err != nil {
		return err
	}
	for _, pkg := range strings.Fields(string(packages)) {
		list, err := exec.Command("go", "test", "-run", "^$", "-list", "^Fuzz", pkg).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", pkg, err)
		}
		for _, name := range strings.Fields(string(list)) {
			if !strings.HasPrefix(name, "Fuzz") {
				continue
			}
			fmt.Println(pkg, name)
			cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", each, "-fuzzminimizetime", "10x", pkg)
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%s %s: %w", pkg, name, err)
			}
		}
	}
	return nil
}
