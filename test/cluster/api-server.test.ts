import { Distribution } from '../../src';
import { API_SERVERS, apiServerOf } from '../../src/cluster/api-server';

/** Every distribution that can be stated. */
const DISTRIBUTIONS = Object.values(Distribution).filter((each): each is Distribution => each instanceof Distribution).map(({ name }) => name);

test('every distribution has a row, with the page that it rests on', () => {
  expect(Object.keys(API_SERVERS).sort()).toEqual([...DISTRIBUTIONS].sort());
  for (const { source, agents } of Object.values(API_SERVERS)) {
    expect(source).toMatch(/^https:\/\//);
    if (agents) { expect(agents.source).toMatch(/^https:\/\//); }
  }
});

test('what is not known is said to be', () => {
  expect(apiServerOf('rancher').port).toBe('unknown');
  expect(apiServerOf('of-tomorrow').port).toBe('unknown');
});

test('only where no node has the API server does it connect through agents', () => {
  expect(Object.values(API_SERVERS).filter(({ agents, managed }) => agents && !managed)).toEqual([]);
});
