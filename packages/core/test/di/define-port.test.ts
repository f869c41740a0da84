import assert from 'node:assert/strict';
import { defineExtensionPoint, definePort, describePort, isExtensionPoint, isPort } from '@dogwatch/core';
import type { ExtensionPoint, Port } from '@dogwatch/core';
import { caught } from '../fixtures/caught.js';

describe('definePort', () => {
  for (const id of ['Clock', 'core.clock', 'Core.Clock', 'core.', 'core.Clock.Two', 'core Clock', '-core.Clock', '']) {
    it(`refuses the id '${id}' and quotes it`, async () => {
      const error = await caught(() => definePort(id));
      assert.equal(error.code, 'DW_BOOT_PORT_ID_INVALID');
      assert.match(error.message, new RegExp(`'${id}'`));
      assert.equal((await caught(() => defineExtensionPoint(id))).code, 'DW_BOOT_PORT_ID_INVALID');
    });
  }

  it('shows the id in messages', () => {
    assert.equal(describePort(definePort('store-redis.Config')), 'store-redis.Config');
    assert.equal(describePort(defineExtensionPoint('core.Tool')), 'core.Tool');
    assert.equal(describePort(Symbol('stranger')), 'stranger');
  });

  it('gives the same token for the same id, so that two copies of the package agree', () => {
    assert.equal(definePort('test.Same'), definePort('test.Same'));
  });

  it('never mistakes a port for an extension point of the same id', () => {
    const port = definePort('test.Same');
    const point = defineExtensionPoint('test.Same');
    assert.notEqual(port as symbol, point as symbol);
    assert.deepEqual(
      [isPort(port), isPort(point), isPort(undefined), isPort(Symbol('x'))],
      [true, false, false, false],
    );
    assert.deepEqual([isExtensionPoint(point), isExtensionPoint(port)], [true, false]);
  });

  it('keeps ports of different types apart for the compiler', () => {
    const port: Port<{ readonly a: string }> = definePort<{ readonly a: string }>('test.A');
    // @ts-expect-error the types differ
    const other: Port<{ readonly b: string }> = port;
    // @ts-expect-error a port is no extension point
    const point: ExtensionPoint<{ readonly a: string }> = port;
    assert.equal<symbol>(other, point);
  });
});
