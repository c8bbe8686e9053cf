/** The world of the tables: two namespaces and the DNS, whose pods stand for themselves. */
export const WORLD = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: red}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data, labels: {team: blue, audited: "yes"}}
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop, labels: {duty: front}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: data}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: kube-system}
---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {zone: a}}
status: {addresses: [{type: InternalIP, address: 192.168.7.1}]}
---
apiVersion: v1
kind: Node
metadata: {name: n2, labels: {zone: b}}
status: {addresses: [{type: InternalIP, address: 192.168.7.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front, pod-template-hash: abc}}
spec: {serviceAccountName: web, nodeName: n1, containers: [{name: main, image: i, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}
status: {podIP: 10.244.0.1, podIPs: [{ip: 10.244.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {nodeName: n2, containers: [{name: main, image: i, ports: [{name: http, containerPort: 80}, {name: stats, containerPort: 9000, protocol: UDP}, {name: signal, containerPort: 7000, protocol: SCTP}]}]}
status: {podIP: 10.244.0.2, podIPs: [{ip: 10.244.0.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: {nodeName: n1, containers: [{name: main, image: i, ports: [{name: sql, containerPort: 5432}]}]}
status: {podIP: 10.244.1.1, podIPs: [{ip: 10.244.1.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: tool, namespace: data, labels: {app: api}}
spec: {nodeName: n2, containers: [{name: main, image: i}]}
status: {podIP: 10.244.1.2, podIPs: [{ip: 10.244.1.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec: {nodeName: n1, containers: [{name: main, image: i, ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53}]}]}
status: {podIP: 10.244.2.1, podIPs: [{ip: 10.244.2.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web6, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: i}]}
status: {podIP: "fd00:244::6", podIPs: [{ip: "fd00:244::6"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api6, namespace: shop, labels: {app: api}}
spec: {containers: [{name: main, image: i}]}
status: {podIP: "fd00:244::7", podIPs: [{ip: "fd00:244::7"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop, labels: {app: web}}
spec: {hostNetwork: true, nodeName: n1, containers: [{name: main, image: i}]}
status: {podIP: 192.168.7.1, podIPs: [{ip: 192.168.7.1}]}
`;
