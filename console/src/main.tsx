import { createRoot } from 'react-dom/client';
import './parts/base.css';
import './parts/parts.css';
import './shell/shell.css';
import { Shell } from './shell/shell.tsx';
import { applyTheme } from './shell/theme.ts';

applyTheme();
createRoot(document.getElementById('root')!).render(<Shell />);
