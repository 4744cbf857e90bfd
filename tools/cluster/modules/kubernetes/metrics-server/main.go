// The server of the metrics API (kubectl top, autoscalers) for clusters of one node, put together from the packages of
// metrics-server: its own command does not compile with the libraries of this Kubernetes. It reads the kubelet every
// ten seconds, whose certificate it does not check, and listens on port 10250.
package main

import (
	"fmt"
	"net"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/metrics-server/pkg/api"
	generatedopenapi "sigs.k8s.io/metrics-server/pkg/api/generated/openapi"
	"sigs.k8s.io/metrics-server/pkg/scraper/client"
	"sigs.k8s.io/metrics-server/pkg/server"
)

const (
	port       = 10250
	resolution = 10 * time.Second
	timeout    = 8 * time.Second
)

// The API server asks on behalf of others; it is also who says what they may.
func apiConfig() (*genericapiserver.Config, error) {
	serving := genericoptions.NewSecureServingOptions().WithLoopback()
	serving.BindPort = port
	serving.ServerCert.CertDirectory = "/tmp"
	if err := serving.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}); err != nil {
		return nil, err
	}
	config := genericapiserver.NewConfig(api.Codecs)
	if err := serving.ApplyTo(&config.SecureServing, &config.LoopbackClientConfig); err != nil {
		return nil, err
	}
	if err := genericoptions.NewDelegatingAuthenticationOptions().ApplyTo(&config.Authentication, config.SecureServing, nil); err != nil {
		return nil, err
	}
	if err := genericoptions.NewDelegatingAuthorizationOptions().ApplyTo(&config.Authorization); err != nil {
		return nil, err
	}
	namer := openapi.NewDefinitionNamer(api.Scheme)
	config.EffectiveVersion = compatibility.DefaultBuildEffectiveVersion()
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(generatedopenapi.GetOpenAPIDefinitions, namer)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(generatedopenapi.GetOpenAPIDefinitions, namer)
	config.OpenAPIConfig.Info.Title = "metrics"
	config.OpenAPIV3Config.Info.Title = "metrics"
	return config, nil
}

func kubeletConfig(cluster *rest.Config) *client.KubeletClientConfig {
	own := rest.CopyConfig(cluster)
	own.TLSClientConfig = rest.TLSClientConfig{Insecure: true}
	return &client.KubeletClientConfig{
		Scheme:              "https",
		DefaultPort:         port,
		AddressTypePriority: []corev1.NodeAddressType{corev1.NodeInternalIP},
		Client:              *own,
	}
}

func run() error {
	cluster, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	if err := rest.SetKubernetesDefaults(cluster); err != nil {
		return err
	}
	apiserver, err := apiConfig()
	if err != nil {
		return err
	}
	metrics, err := server.Config{
		Apiserver:        apiserver,
		Rest:             cluster,
		Kubelet:          kubeletConfig(cluster),
		MetricResolution: resolution,
		ScrapeTimeout:    timeout,
	}.Complete()
	if err != nil {
		return err
	}
	return metrics.RunUntil(genericapiserver.SetupSignalHandler())
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
