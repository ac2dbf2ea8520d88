// The manifests of deploy/kubernetes: by Kubernetes's own schemas, and by what Postern has under the names they use.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, PersistentVolumeClaim, Service, ServiceAccount } from 'kubernetes-models/v1';
import { resolveSettings } from '../../src/settings/settings.ts';
import { kustomize, type Manifest } from './kustomize.ts';

const ROOT = 'deploy/kubernetes';
const FOLDERS = ['base', 'overlays/single', 'overlays/cluster', 'overlays/cluster-durable'];
const MODELS = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
  StatefulSet,
};
const MODULES: { readonly [apiVersion: string]: string } = {
  'apps/v1': 'apps/v1',
  'autoscaling/v2': 'autoscaling/v2',
  'networking.k8s.io/v1': 'networking.k8s.io/v1',
  'policy/v1': 'policy/v1',
  v1: 'v1',
};
const byFolder = new Map(FOLDERS.map((folder) => [folder, kustomize(join(ROOT, folder))]));
const all = [...byFolder].flatMap(([folder, manifests]) =>
  manifests.map((manifest) => [folder, manifest] as const),
);

const workloadOf = (folder: string): Manifest =>
  byFolder.get(folder)!.find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')!;
const containerOf = (folder: string) => workloadOf(folder).spec.template.spec.containers[0];

for (const [folder, manifest] of all) {
  test(`${folder}: ${manifest.kind} ${manifest.metadata.name} is what Kubernetes takes`, () => {
    const Model = MODELS[manifest.kind as keyof typeof MODELS];
    assert.ok(Model !== undefined, `${manifest.kind} has a schema here`);
    // The models' constructors want their own type; what they get is judged by `validate`.
    new Model(manifest as never).validate();
  });
}

test('the schema refuses what is wrong: the test can fail', () => {
  const wrong = structuredClone(workloadOf('base'));
  wrong.spec.replicas = 'three';
  assert.throws(() => new Deployment(wrong as never).validate(), /replicas/);
});

/** The schemas let unknown members pass; the types of the same models do not. */
function membersProblem(manifests: readonly Manifest[]): string {
  const folder = mkdtempSync('dist/manifests-');
  const lines = manifests.map(({ apiVersion, kind }, index) => {
    const module = `kubernetes-models/${MODULES[apiVersion]}`;
    const literal = JSON.stringify(manifests[index]);
    return `export const m${index}: import('${module}').I${kind} = ${literal};`;
  });
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  const options = '--noEmit --strict --skipLibCheck --module nodenext --types node --ignoreConfig'.split(' ');
  try {
    execFileSync('node_modules/.bin/tsc', [...options, join(folder, 'manifests.ts')], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return String((error as { stdout: unknown }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('no manifest has a member that Kubernetes does not know', () => {
  assert.equal(membersProblem(all.map(([, manifest]) => manifest)), '');
  const wrong = structuredClone(workloadOf('base'));
  wrong.spec.template.spec.containers[0].readynessProbe = {};
  assert.match(membersProblem([wrong]), /readynessProbe/);
});

test('the nodes start with their settings, and listen where ports, probes and policies say', async () => {
  const { data } = byFolder.get('base')!.find(({ kind }) => kind === 'ConfigMap')!;
  const name = '/etc/postern/postern.yaml';
  const settings = await resolveSettings({
    flags: new Map(),
    environment: { POSTERN_CREDENTIALS: 'AKIAEXAMPLE:secret' },
    written: { name, text: data['postern.yaml'] },
    directory: '/',
  });
  const { doors, metrics } = settings;
  assert.ok(doors.kind === 'separate' && metrics !== undefined);
  for (const folder of FOLDERS) {
    const { ports, args } = containerOf(folder);
    const numbers = Object.fromEntries(
      ports.map((port: { name: string; containerPort: number }) => [port.name, port.containerPort]),
    );
    assert.equal(numbers.gateway, doors.gateway.port);
    assert.equal(numbers.management, doors.management.port);
    assert.equal(numbers.metrics, metrics.port);
    assert.deepEqual(args, ['start', '--config', name]);
    const policy = byFolder.get(folder)!.find(({ kind }) => kind === 'NetworkPolicy')!;
    const open = policy.spec.ingress.flatMap((rule: Manifest) =>
      rule.ports.map(({ port }: Manifest) => port),
    );
    for (const number of Object.values(numbers)) assert.ok(open.includes(number), `${number} is let through`);
  }
});

test('the links of a node arrive where the others call it', async () => {
  for (const folder of ['overlays/cluster', 'overlays/cluster-durable']) {
    const { env } = containerOf(folder);
    const values = env.flatMap(({ name, value }: { name: string; value?: string }) =>
      value === undefined ? [] : [[name, value.replace('$(POD_IP)', '10.0.0.7')]],
    );
    const { sections } = await resolveSettings({
      flags: new Map(),
      environment: {
        ...Object.fromEntries(values),
        POSTERN_STORE: 'postgres://postern@db/postern',
        POSTERN_CLUSTER_SECRET: 'a'.repeat(32),
        POSTERN_CREDENTIALS: 'AKIAEXAMPLE:secret',
      },
      directory: '/',
    });
    assert.deepEqual(sections.cluster.listen, { host: '0.0.0.0', port: 4702 }, folder);
    assert.deepEqual(sections.cluster.address, { host: '10.0.0.7', port: 4702 }, folder);
  }
});

test('every volume is mounted, and every mount has its volume', () => {
  for (const folder of FOLDERS) {
    const { spec } = workloadOf(folder);
    const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }: Manifest) => metadata.name);
    const volumes = spec.template.spec.volumes.map(({ name }: { name: string }) => name);
    const mounts = containerOf(folder).volumeMounts.map(({ name }: { name: string }) => name);
    assert.deepEqual(mounts.sort(), [...volumes, ...claims].sort(), folder);
  }
});

test('the end of a pod leaves time for a drain', () => {
  for (const folder of FOLDERS) {
    const { terminationGracePeriodSeconds } = workloadOf(folder).spec.template.spec;
    const { seconds } = containerOf(folder).lifecycle.preStop.sleep;
    assert.ok(terminationGracePeriodSeconds >= seconds + 5 + 60, folder);
  }
});
