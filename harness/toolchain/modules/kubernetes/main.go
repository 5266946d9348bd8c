// Command kubernetes is the programs of a Kubernetes node in one binary. One binary, because they share nearly all of
// their code: alone they would take four times the room in an image. Which of them it is, the name says under which it
// is called (a symbolic link kubelet, kube-proxy, ...); under any other name, the first argument does.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	// What upstream's main packages import for its effect: the JSON log format, and the metrics of the API clients, of the
	// work queues and of the build.
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

var programs = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllermanager.NewControllerManagerCommand,
	"kube-proxy":              proxy.NewProxyCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
}

func main() {
	calledAs := filepath.Base(os.Args[0])
	if program, known := programs[calledAs]; known {
		os.Exit(cli.Run(program()))
	}
	if len(os.Args) > 1 {
		if os.Args[1] == "--version" {
			fmt.Println("kubernetes, version", version.Get())
			return
		}
		if program, known := programs[os.Args[1]]; known {
			os.Args = os.Args[1:]
			os.Exit(cli.Run(program()))
		}
	}
	names := strings.Join(slices.Sorted(maps.Keys(programs)), ", ")
	fmt.Fprintf(os.Stderr, "%s: expected to be called as, or with the first argument, one of %s\n", calledAs, names)
	os.Exit(2)
}
