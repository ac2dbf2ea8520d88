// What holds a list of live requests, and empties it.
import { Button } from '../parts/button.tsx';
import { useFollowed } from '../parts/use-followed.ts';
import type { RequestFeed } from './request-feed.ts';

export function FeedButtons({ feed }: { readonly feed: RequestFeed }) {
  const { rows, isPaused, waiting } = useFollowed(feed.state);
  return (
    <>
      <Button aria-pressed={isPaused} onClick={() => (isPaused ? feed.resume() : feed.pause())}>
        {isPaused ? `Resume${waiting > 0 ? ` (${waiting} new)` : ''}` : 'Pause'}
      </Button>
      <Button onClick={() => feed.clear()} disabled={rows.length === 0}>
        Clear
      </Button>
    </>
  );
}
